"""Both ratios over β for some Hurst indices: fractional noise as weights, exact or released."""

import numpy as np
import pandas as pd

from deepinit.resnet.ratios import fractional_weights
from pipeline.compute import random_stream
from pipeline.job import Job
from scripts.marion2025.ratios import log10_columns


def run(job: Job) -> None:
    """Write one row a Hurst index, weight draw, β and input.

    Rows of the same generator, Hurst index and draw share their weights.
    """
    spec = job.spec
    generator = spec["generator"]
    betas, draws, inputs = spec["betas"], spec["draws"], spec["inputs_per_draw"]
    draw, beta, row = np.indices((draws, len(betas), inputs)).reshape(3, -1)
    progress = job.progress("Hurst indices")
    frames = []
    for done, hurst in enumerate(spec["hursts"]):
        address = {"hurst": hurst, "depth": spec["depth"], "width": spec["width"]}
        if generator != "exact":
            address["generator"] = generator
        ratios = fractional_weights(
            spec["depth"],
            spec["width"],
            hurst,
            betas,
            draws,
            inputs,
            random_stream(job, address),
            inputs=spec["inputs"],
            generator=generator,
        )
        columns = log10_columns(ratios)
        place = {"hurst": hurst, "beta": np.asarray(betas)[beta], "draw": draw, "input": row}
        frames.append(
            pd.DataFrame(
                {
                    "generator": generator,
                    **place,
                    "log10_output_change": columns["log10_output_change"],
                    "log10_gradient_change": columns["log10_gradient_change"],
                }
            )
        )
        progress(done + 1, len(spec["hursts"]))
    job.write_table(pd.concat(frames, ignore_index=True))
