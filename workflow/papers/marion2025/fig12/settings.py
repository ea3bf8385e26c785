"""Settings of Figure 12: change of the gradient against depth, the networks of Figures 10 and 1."""

from study.points import PointSettings


class Settings(PointSettings):
    shows = "fig3 for h + α σ(W h); reads the tables of fig10 and fig1"
    label = "weight inside: change of the gradient"
    reads = ("fig10", "fig1")
