"""Figures of Luther & Seung (2019): sample variance decay."""

from figures.luther2019.training import learning_curves, membrane_images

FIGURES = {
    "membrane_images": membrane_images,
    "learning_curves": learning_curves,
}
