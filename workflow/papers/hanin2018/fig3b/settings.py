"""Settings of Figure 3b, which draws the runs of Figure 3a against β."""

from study.points import PointSettings


class Settings(PointSettings):
    shows = (
        "epochs to a given MNIST test accuracy against β = Σ 1/n_j, where width patterns collapse"
    )
    label = "epochs by architecture, against β"
    reads = ("fig3a",)
