"""Names of the arms of luther2019's learning curves; `initialised_layers` says what they are."""

from typing import Literal

Arm = Literal["total init", "sample init", "batchnorm"]
ARMS: tuple[Arm, ...] = Arm.__args__
