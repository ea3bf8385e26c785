"""Epochs to a given test accuracy, by initialisation (Hanin & Rolnick 2018, Figure 1b)."""

from matplotlib.figure import Figure

from figures.hanin2018.initialisations import appearance
from figures.hanin2018.starts import epochs_axis, mean_panel, median_panel, training_text
from study.job import Job
from study.style import FULL_WIDTH, jittered, panels, sign


def fig1b(job: Job) -> Figure:
    """Epochs against depth: the mean with the cap counted, and the Kaplan–Meier median."""
    frame, spec = job.table(), job.spec["settings"]
    looks, cap = appearance(spec["laws"]), spec["max_epochs"]
    figure, (left, right) = panels(2, width=FULL_WIDTH, height=3.1, sharey=True)
    percent = round(100 * spec["target_accuracy"])
    epochs_axis(left, 0.8, cap, f"epochs to {percent} % test accuracy, MNIST")
    epochs_axis(right, 0.8, cap)
    step = 0.012 * (max(spec["depths"]) - min(spec["depths"]) or 10)
    shifts = jittered(0, len(looks), step)
    x = {law: ("depth", shift) for law, shift in zip(looks, shifts, strict=True)}
    mean_panel(left, frame, "law", looks, x)
    median_panel(right, frame, "law", looks, x, cap)
    left.set_title("(b) mean, as published")
    right.set_title("median of censored runs")
    for axis in (left, right):
        axis.set(xlabel="depth d = width", xticks=spec["depths"])
    handles, labels = left.get_legend_handles_labels()
    figure.legend(handles, labels, loc="outside right center")
    sign(figure, job.spec["preset"], training_text(spec))
    return figure
