"""Marion, Fermanian, Biau & Vert, Scaling ResNets in the Large-depth Regime (2025): the regimes of α_L."""

#: Where it stands among the papers.
POSITION = 3
TITLE = "Scaling of ResNets (Marion et al. 2025)"
ORDER = (*(f"fig{number}" for number in range(1, 16)), "means", "limits", "bounds", "lognormal")
