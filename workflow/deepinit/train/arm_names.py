"""Names of the arms of luther2019's learning curves; what they are is said in `deepinit.train.arms`."""

from typing import Literal

Arm = Literal["total init", "sample init", "batchnorm"]
ARMS: tuple[Arm, ...] = Arm.__args__
