"""Figures of Luther & Seung (2019): sample variance decay."""

from figures.luther2019.decay import finite_width, theory

FIGURES = {"theory": theory, "finite_width": finite_width}
