"""Settings of Figure 3: change of the gradient against depth, the networks of Figure 1."""

from study.points import PointSettings


class Settings(PointSettings):
    shows = "‖p_0 − p_L‖/‖p_L‖ against depth, iid weights; reads the tables of fig1 and means"
    label = "change of the gradient against depth"
    reads = ("fig1", "means")
