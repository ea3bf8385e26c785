"""Progress of a long computation, for whoever watches it."""

from collections.abc import Callable

Report = Callable[[int, int], None]


def no_progress(done: int, total: int) -> None:
    """Ignore the progress; the default where nobody watches."""
