"""Weights before and after training, as in Figure 8; the settings have biases trained too."""

from papers.marion2025.fig8.compute import figure

__all__ = ["figure"]
