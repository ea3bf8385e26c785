"""Change of gradients against depth, the networks of Figure 10 (Marion et al. 2025, Figure 12)."""

from papers.marion2025.fig10 import present

figure = present.figure.given(column="gradient")
