"""Decay of the sample variance, infinite and finite width (Luther & Seung 2019)."""

import pandas as pd
from matplotlib.figure import Figure

from study.job import Job
from study.style import COLOURS, COLUMN_WIDTH, PUBLISHED, line_with_band, panels, sign


def finite_width(job: Job) -> Figure:
    """m/v against the layer: mean over networks, band ± one standard deviation, and N → ∞."""
    frame, limit = job.table(), job.table("theory")
    published = pd.read_csv(job.inputs["published"][0])
    figure, (axes,) = panels(1, width=COLUMN_WIDTH, height=2.9)
    last = frame["layer"].max()
    counts = []
    for colour, (width, group) in zip(COLOURS, frame.groupby("width"), strict=False):
        by_layer = group.groupby("layer")["ratio"]
        mean, spread = by_layer.mean(), by_layer.std()
        line_with_band(
            axes, mean.index, mean, mean - spread, mean + spread, color=colour, label=f"N = {width}"
        )
        counts.append(f"{width}: {group.groupby(['block', 'network']).ngroups}")
        for row in published[
            (published["width"] == width) & (published["layer"] <= last)
        ].itertuples():
            bar = [[row.mean - row.low], [row.high - row.mean]]
            axes.errorbar(
                row.layer + 0.6, row.mean, bar, color=colour, capsize=2, lw=0.8, clip_on=False
            )
            axes.plot(row.layer + 0.6, row.mean, **PUBLISHED, clip_on=False)
    limit = limit[limit["layer"] <= last]
    axes.plot(limit["layer"], limit["ratio"], "--", color="black", label="N → ∞")
    axes.plot([], [], **PUBLISHED, label="published, ± 1 sd")
    axes.set(xlabel="layer", ylabel="m / v", xlim=(0, last + 1), ylim=(0, None))
    axes.legend(loc="upper left")
    sign(figure, job.spec["preset"], f"mean ± 1 sd over networks ({', '.join(counts)})")
    return figure
