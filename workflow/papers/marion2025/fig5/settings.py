"""Settings of Figure 5: change of the gradient against depth, the networks of Figure 4."""

from study.points import PointSettings


class Settings(PointSettings):
    shows = "‖p_0 − p_L‖/‖p_L‖ against depth, smooth weights; reads the tables of fig4 and means"
    label = "smooth weights: change of the gradient"
    reads = ("fig4", "means")
