"""Figures with more panels than the papers have: each is drawn and named."""

from types import SimpleNamespace

from matplotlib.axes import Axes

from papers.marion2025.depth_drawing import depth_page


def test_every_exponent_has_a_panel_with_a_letter_of_its_own():
    betas = [0.1 * number for number in range(1, 31)]
    s = SimpleNamespace(betas=betas, depths=[10, 100], width=5, networks=3)
    drawn = []

    def panel(axis: Axes, beta: float) -> None:
        drawn.append(beta)
        axis.plot(s.depths, [1, 2])

    page = depth_page(s, "output", "smoke", panel, height=2)
    titles = [axis.get_title("left") or axis.get_title() for axis in page.axes]
    assert drawn == betas and len(set(titles)) == len(betas) and all(titles)
    assert len({title.split()[0] for title in titles}) == len(betas)
