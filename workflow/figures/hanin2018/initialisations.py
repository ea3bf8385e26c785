"""How the initialisations look in all figures of Hanin & Rolnick (2018)."""

from deepinit.initialisers import WEIGHT_LAWS
from study.style import COLOURS

MARKERS = "osD^v<>Ph"


def appearance(laws: list[str]) -> dict[str, dict]:
    """Return colour, marker and label of each initialisation, the same in both panels."""
    return {
        law: {
            "color": COLOURS[index % len(COLOURS)],
            "marker": MARKERS[index % len(MARKERS)],
            "label": WEIGHT_LAWS[law].label,
        }
        for index, law in enumerate(laws)
    }
