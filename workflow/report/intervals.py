"""The interval of a verdict as a small drawing: the published value, or the bound, and our interval."""

import math
from typing import Any

from markupsafe import Markup, escape

from study.verdicts import ADDED

_WIDTH, _HEIGHT, _MIDDLE = 240, 26, 13
_SUPERSCRIPTS = str.maketrans("-0123456789", "⁻⁰¹²³⁴⁵⁶⁷⁸⁹")


def number(value: float | None) -> str:
    """Return a number to four digits, as it is printed; "" for none."""
    if value is None or math.isnan(value):
        return ""
    digits, _, power = f"{value:.4g}".replace("-", "−").partition("e")
    if not power:
        return digits
    power = str(int(power.replace("−", "-"))).translate(_SUPERSCRIPTS)
    return f"10{power}" if digits == "1" else f"{digits} × 10{power}"


def drawing(verdict: dict[str, Any]) -> Markup:
    """Return a verdict as SVG; nothing if one of the values is missing.

    The interval is the one of 99.9 %; an end that it does not have lies at the edge. Where the largest
    value is more than a hundred times the smallest, the axis is logarithmic.

    Args:
        verdict: one row of verdicts.csv; None where a number is missing.
    """
    published, measured = verdict["published"], verdict["measured"]
    if published is None or measured is None:
        return Markup()
    given = [verdict[name] for name in ("low", "high", "allowed_low", "allowed_high")]
    ends = [measured, published, *given]
    known = [value for value in ends if value is not None]
    logarithmic = min(known) > 0 and max(known) > 100 * min(known)
    scale = math.log if logarithmic else float
    first, last = scale(min(known)), scale(max(known))
    margin = 0.15 * ((last - first) or abs(last) or 1.0)
    first, last = first - margin, last + margin

    def x(value: float) -> float:
        return round(_WIDTH * (scale(value) - first) / (last - first), 1)

    edges = (0.0, float(_WIDTH)) * 2
    low, high, left, right = (
        edge if end is None else x(end) for end, edge in zip(given, edges, strict=True)
    )
    caps = "" if low == high else f"M{low} 8V18M{high} 8V18"
    return Markup(
        f'<svg class="interval" viewBox="0 0 {_WIDTH} {_HEIGHT}" role="img" '
        f'aria-label="{_in_words(verdict)}">'
        f'<path class="axis" d="M0 {_MIDDLE}H{_WIDTH}"/>'
        f'<rect class="allowed" x="{left}" y="3" width="{round(right - left, 1)}" height="20"/>'
        f'<path class="published" d="M{x(published)} 1V25"/>'
        f'<path class="ours" d="M{low} {_MIDDLE}H{high}{caps}"/>'
        f'<circle class="ours" cx="{x(measured)}" cy="{_MIDDLE}" r="4"/>'
        + ('<text x="240" y="25" text-anchor="end">log</text>' if logarithmic else "")
        + "</svg>"
    )


def compared_with(verdict: dict[str, Any]) -> str:
    """Return what a verdict's `published` is: of a statement that this project adds it is only expected."""
    if (verdict["allowed_low"] is None) != (verdict["allowed_high"] is None):
        return "bound"
    return "expected" if verdict["statement"].startswith(ADDED) else "published"


def _in_words(verdict: dict[str, Any]) -> str:
    words = f"{compared_with(verdict)} {number(verdict['published'])}, ours {number(verdict['measured'])}"
    if interval := bounds(verdict):
        words += f", interval {interval}"
    return str(escape(words))


def bounds(verdict: dict[str, Any]) -> str:
    """Return the interval as it is printed; "" where there is none."""
    low, high = verdict["low"], verdict["high"]
    if low == high:
        return ""
    return f"[{number(low) or '−∞'}, {number(high) or '∞'}]"
