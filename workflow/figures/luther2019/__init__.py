"""Figures of Luther & Seung (2019): sample variance decay."""

from figures.luther2019.activations import activations
from figures.luther2019.gradients import gradients
from figures.luther2019.histograms import histograms
from figures.luther2019.normalisation import batch_norm
from figures.luther2019.training import learning_curves, membrane_images

FIGURES = {
    "histograms": histograms,
    "batch_norm": batch_norm,
    "activations": activations,
    "gradients": gradients,
    "membrane_images": membrane_images,
    "learning_curves": learning_curves,
}
