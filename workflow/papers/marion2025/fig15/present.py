"""Weights after training with a trained bias (Marion et al. 2025, Figure 15), drawn as Figure 8."""

from papers.marion2025.fig8.present import figure

__all__ = ["figure"]
