"""Settings of Figure 14: change of the gradient against depth, the networks of Figures 13 and 4."""

from study.points import PointSettings


class Settings(PointSettings):
    shows = "fig5 for h + α ReLU(W h); reads the tables of fig13 and fig4"
    label = "weight inside, smooth: change of the gradient"
    reads = ("fig13", "fig4")
