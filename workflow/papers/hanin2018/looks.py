"""How curves look in the figures of Hanin & Rolnick (2018)."""

from collections.abc import Callable, Iterable
from typing import Any

from deepinit.initialisers import WEIGHT_LAWS
from deepinit.widths import ADDED_PATTERNS, WIDTH_PATTERNS
from papers.hanin2018.published import ADDED_LAWS, PAPER_BASES, PAPER_LAWS
from papers.hanin2018.scales import RECIPROCAL
from study.style import COLOURS

MARKERS = "osD^v<>Ph*"


def looks(values: Iterable[Any], label: Callable[[Any], str]) -> dict[Any, dict[str, Any]]:
    """Return value ↦ colour, marker and label of its curve."""
    return {
        value: {
            "color": COLOURS[index % len(COLOURS)],
            "marker": MARKERS[index % len(MARKERS)],
            "label": label(value),
        }
        for index, value in enumerate(values)
    }


def looks_of_laws(laws: Iterable[str]) -> dict[str, dict[str, Any]]:
    """Return initialisation ↦ look, the same in all figures, whichever laws a figure has."""
    in_order = dict.fromkeys([*PAPER_LAWS, *ADDED_LAWS, *WEIGHT_LAWS])
    known = looks(in_order, lambda law: WEIGHT_LAWS[law].label)
    return {law: known[law] for law in laws}


def looks_of_patterns(patterns: Iterable[str]) -> dict[str, dict[str, Any]]:
    """Return width pattern ↦ look; those that the paper does not have are grey."""
    found = looks(patterns, lambda name: WIDTH_PATTERNS[name].label)
    for name in thin_patterns(patterns):
        found[name] |= {"color": "0.55", "label": f"{found[name]['label']} (added)"}
    return found


def thin_patterns(patterns: Iterable[str]) -> list[str]:
    """Return those patterns that the paper does not have, which are drawn thin."""
    return [name for name in patterns if name in ADDED_PATTERNS]


def looks_of_scales(
    bases: Iterable[float], reciprocal: bool = False
) -> dict[float, dict[str, Any]]:
    """Return b of η_l = b^l ↦ look, the same in all figures, and that of η_l = 1/L if wanted."""

    def label(base: float) -> str:
        if base == RECIPROCAL:
            return r"$\eta_\ell = 1/L$ (added)"
        return r"$\eta_\ell = 1$" if base == 1 else rf"$\eta_\ell = {base:g}^\ell$"

    curves = [*bases, *([RECIPROCAL] if reciprocal else [])]
    known = looks(dict.fromkeys([*PAPER_BASES, RECIPROCAL, *curves]), label)
    return {base: known[base] for base in curves}
