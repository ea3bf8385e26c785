"""What a training needs of an object that keeps its state, so that it can go on from there."""

from typing import Any, Protocol


class Checkpoint(Protocol):
    """Keeps the state of a training: tensors, numbers, strings, None, lists and dictionaries of these."""

    def load(self) -> dict[str, Any] | None:
        """Return the saved state, tensors on the CPU; None to start from the beginning."""

    def due(self) -> bool:
        """Return whether it is time to save."""

    def save(self, state: dict[str, Any]) -> None:
        """Keep `state` in place of what was saved before."""
