"""Settings of Figure 1: change of the output against depth, iid weights."""

from typing import Literal

from papers.marion2025.depth_settings import AgainstDepth
from study.points import code


class Settings(AgainstDepth):
    shows = "‖h_L − h_0‖/‖h_0‖ against depth, iid weights, one panel per β"
    label = "change of the output against depth"
    reads = ("means",)

    inputs: Literal["uniform", "gaussian"] = code(
        "uniform",
        "distribution of inputs: uniform on [0, 1) as in the released code, or Gaussian as in the text",
    )
