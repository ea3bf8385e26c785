"""Settings of Figure 15: those of Figure 8, biases trained too."""

from papers.marion2025.fig8 import settings


class Settings(settings.Settings):
    shows = "as fig8 with a trained bias, which the published figure does not have"
    label = "weights after training with a trained bias"
    biased = True
