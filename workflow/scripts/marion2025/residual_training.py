"""Training scaled residual networks: what the figures that do so share."""

from collections.abc import Sequence
from typing import Any

from deepinit.training.images import Images
from deepinit.training.residual_start import ResidualOutcome, ResidualStart
from deepinit.training.residual_training import train_residual_networks
from study.checkpoint import Checkpoint
from study.job import Job

_KEYS = ("depth", "width", "batch_size", "epochs", "drop_every")


def train(
    job: Job, images: Images, starts: Sequence[ResidualStart], saved: Checkpoint, **options: Any
) -> list[ResidualOutcome]:
    """Return one outcome a network, trained as the job's specification says.

    Args:
        job: the job; its specification has the shape and the schedule.
        images: training and test set.
        starts: the networks.
        saved: the job's checkpoint; the caller clears it.
        options: further ones of `train_residual_networks`.
    """
    return train_residual_networks(
        images,
        starts,
        **{key: job.spec[key] for key in _KEYS},
        checkpoint=saved,
        progress=job.progress("steps"),
        say=job.say,
        **options,
    )
