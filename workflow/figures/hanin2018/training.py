"""Epochs to a given test accuracy (Hanin & Rolnick 2018, Figure 1b)."""

from matplotlib.figure import Figure

from figures.hanin2018.initialisations import appearance
from figures.parts import jittered, panels, sign
from pipeline.job import Job


def fig1b(job: Job) -> Figure:
    """Epochs to the target accuracy against depth: every run, and the mean with the cap counted."""
    frame, spec = job.table(), job.spec["settings"]
    looks = appearance(spec["laws"])
    figure, (axis,) = panels(1, width=5.2, height=3.0)
    step = 0.012 * (max(spec["depths"]) - min(spec["depths"]) or 10)
    offsets = jittered(0, len(looks), step)
    for (law, look), offset in zip(looks.items(), offsets, strict=True):
        runs = frame[frame["law"] == law]
        mean = runs.groupby("depth")["epochs"].mean()
        axis.plot(mean.index + offset, mean, lw=0.9, ms=3.5, **look)
        reached = runs["status"] == "reached"
        for group, face in ((runs[reached], look["color"]), (runs[~reached], "none")):
            axis.plot(group["depth"] + offset, group["epochs"], ls="none", ms=2.2, lw=0.5, alpha=0.6,
                      marker=look["marker"], color=look["color"], markerfacecolor=face)  # fmt: skip
    axis.axhline(spec["max_epochs"], color="0.5", lw=0.7, ls=":")
    axis.annotate("cap: never started, or diverged", (0, spec["max_epochs"]),
                  xycoords=("axes fraction", "data"), xytext=(2, 5), textcoords="offset points",
                  fontsize=6, color="0.4")  # fmt: skip
    percent = round(100 * spec["target_accuracy"])
    axis.set(
        yscale="log",
        ylim=(0.8, 1.6 * spec["max_epochs"]),
        title="(b)",
        xlabel="depth d = width",
        ylabel=f"epochs to {percent} % test accuracy, MNIST",
        xticks=spec["depths"],
    )
    axis.yaxis.set_major_formatter(lambda value, _: f"{value:g}")
    figure.legend(loc="outside right center")
    images = {"mnist_subset": "10,000", "mnist": "60,000"}[spec["data"]]
    text = f"{spec['runs']} runs a point (dots; open: capped or diverged), mean as line; {images} images, "
    sign(
        figure,
        job.spec["preset"],
        text + f"batch {spec['batch_size']}, rate {spec['learning_rate']:g}",
    )
    return figure
