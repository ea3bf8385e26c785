"""Change of gradients against depth, the networks of Figure 1 (Marion et al. 2025, Figure 3)."""

from papers.marion2025.fig1 import present

figure = present.figure.given(column="gradient")
