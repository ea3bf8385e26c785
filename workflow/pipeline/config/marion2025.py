"""Configuration of the figures of Marion, Fermanian, Biau & Vert (2025)."""

from typing import ClassVar

from pipeline.config.marion2025_depth import MarionFig1, MarionFig3, MarionFig4, MarionFig5
from pipeline.config.marion2025_histograms import MarionFig2, MarionFig11
from pipeline.config.marion2025_inside import (
    MarionFig10,
    MarionFig12,
    MarionFig13,
    MarionFig14,
)
from study.settings import Section


class Marion2025(Section):
    title: ClassVar[str] = "Scaling of ResNets (Marion et al. 2025)"

    fig1: MarionFig1 = MarionFig1()
    fig2: MarionFig2 = MarionFig2()
    fig3: MarionFig3 = MarionFig3()
    fig4: MarionFig4 = MarionFig4()
    fig5: MarionFig5 = MarionFig5()
    fig10: MarionFig10 = MarionFig10()
    fig11: MarionFig11 = MarionFig11()
    fig12: MarionFig12 = MarionFig12()
    fig13: MarionFig13 = MarionFig13()
    fig14: MarionFig14 = MarionFig14()
