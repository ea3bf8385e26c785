"""Change of gradients against depth, the networks of Figure 4 (Marion et al. 2025, Figure 5)."""

from papers.marion2025.fig4 import present

figure = present.figure.given(column="gradient")
