"""Epochs of residual networks to a given test accuracy (Hanin & Rolnick 2018, Figure 2b)."""

from matplotlib import pyplot as plt
from matplotlib.figure import Figure

from figures.hanin2018.residual import MARKERS, TITLES, scale_label
from figures.hanin2018.starts import epochs_axis, mean_panel, median_panel, training_text
from study.job import Job
from study.style import COLOURS, FULL_WIDTH, jittered, sign


def fig2b(job: Job) -> Figure:
    """Epochs against the number of modules by kind of module: mean, and median of finer times."""
    frame, spec = job.table(), job.spec["settings"]
    endings, bases, cap = spec["endings"], spec["bases"], spec["max_epochs"]
    looks = {
        base: {
            "color": COLOURS[index % len(COLOURS)],
            "marker": MARKERS[index % len(MARKERS)],
            "label": scale_label(base),
        }
        for index, base in enumerate(bases)
    }
    shifts = jittered(0, len(bases), 0.004 * max(spec["modules"]))
    x = {base: ("modules", shift) for base, shift in zip(bases, shifts, strict=True)}
    percent = round(100 * spec["target_accuracy"])
    finest = 1 / spec["checks_per_epoch"]
    figure, rows = plt.subplots(
        len(endings), 2, figsize=(FULL_WIDTH, 0.6 + 2.2 * len(endings)), sharex=True, squeeze=False
    )
    for (left, right), ending in zip(rows, endings, strict=True):
        runs = frame[frame["ending"] == ending]
        epochs_axis(left, 0.8, cap, f"epochs to {percent} % test accuracy")
        epochs_axis(right, 0.8 * finest, cap, "epochs to the first\ncheck that finds it")
        mean_panel(left, runs, "base", looks, x)
        median_panel(right, runs, "base", looks, x, cap, time="first_reached")
        left.set_title(f"(b) mean; {TITLES[ending]}")
        right.set_title(f"median; {TITLES[ending]}")
    for axis in rows[-1]:
        axis.set_xlabel("residual modules L")
    handles, labels = rows[0][0].get_legend_handles_labels()
    figure.legend(handles, labels, loc="outside upper center", ncols=len(labels))
    text = f"stream of width {spec['width']}; {training_text(spec)}; there, accuracy is measured "
    sign(figure, job.spec["preset"], f"{text}{spec['checks_per_epoch']} times an epoch")
    return figure
