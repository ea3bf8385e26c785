"""Settings of the total variance, which is drawn from the table of finite widths."""

from study.settings import FigureSection


class Settings(FigureSection):
    shows = "total variance σ² over networks, by layer and width: heavy tails"
    label = "total variance σ², finite width"
    reads = ("finite_width",)
