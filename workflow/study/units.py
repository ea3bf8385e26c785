"""Times and memory in words."""


def duration(seconds: float) -> str:
    """Return a time in the unit that suits it, to about two digits."""
    if seconds < 90:
        return f"{max(1.0, seconds):.0f} s"
    if seconds < 5400:
        return f"{seconds / 60:.0f} min"
    hours = seconds / 3600
    if hours < 48:
        return f"{hours:.1f} h" if hours < 10 else f"{hours:.0f} h"
    days = hours / 24
    return f"{days:.0f} days" if days < 730 else f"{days / 365:.0f} years"


def memory(mebibytes: float) -> str:
    """Return an amount of memory in MiB or GiB."""
    return f"{mebibytes:.0f} MiB" if mebibytes < 1000 else f"{mebibytes / 1024:.1f} GiB"
