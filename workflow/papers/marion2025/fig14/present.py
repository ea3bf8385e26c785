"""Change of gradients against depth, the networks of Figure 13 (Marion et al. 2025, Figure 14)."""

from papers.marion2025.fig13 import present

figure = present.figure.given(column="gradient")
