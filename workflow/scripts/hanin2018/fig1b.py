"""Train networks of one depth with all initialisations, until 20 % test accuracy or the cap."""

import pandas as pd

from deepinit.train.ensemble import epochs_to_accuracy
from deepinit.train.outcome import NetworkStart
from deepinit.weight_laws import WEIGHT_LAWS
from pipeline.compute import random_stream
from pipeline.data_sets import images_of
from pipeline.job import Job


def run(job: Job) -> None:
    """Write one row a law and run: epochs, status, initial_accuracy and final_accuracy.

    An accuracy is missing, and a column says so, where the network's outputs were not finite.
    """
    spec, depth = job.spec, job.spec["depth"]
    images = images_of(job)
    places = [(law, number) for law in spec["laws"] for number in range(spec["runs"])]
    networks = [
        NetworkStart(
            law=WEIGHT_LAWS[law],
            init_stream=random_stream(job, {"depth": depth, "law": law}, number, "weights"),
            order_stream=random_stream(
                job, {"depth": depth, "law": law}, number, "order of images"
            ),
            learning_rate=spec["learning_rate"],
        )
        for law, number in places
    ]
    outcomes = epochs_to_accuracy(
        images,
        hidden_widths=[depth] * depth,
        networks=networks,
        batch_size=spec["batch_size"],
        target_accuracy=spec["target_accuracy"],
        max_epochs=spec["max_epochs"],
        progress=job.progress("epochs"),
    )
    rows = [
        {
            "law": law,
            "depth": depth,
            "run": number,
            "epochs": outcome.epochs,
            "status": outcome.status,
            "initial_accuracy": outcome.initial_accuracy,
            "final_accuracy": outcome.final_accuracy,
        }
        for (law, number), outcome in zip(places, outcomes, strict=True)
    ]
    frame = pd.DataFrame(rows).astype({"initial_accuracy": float, "final_accuracy": float})
    missing = {}
    for column in ("initial_accuracy", "final_accuracy"):
        flag = f"no_{column}"
        frame[flag] = frame[column].isna()
        missing[column] = flag
    job.write_table(frame, missing)
