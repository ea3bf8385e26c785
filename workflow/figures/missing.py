"""What is said of a figure without a drawing: before any job runs, and by a job that runs alone."""

from study.errors import UserError


def no_drawing(paper: str, figure: str) -> UserError:
    """Return the error that FIGURES of a paper lacks a figure."""
    return UserError(
        f"{paper}_{figure} has no drawing: there is no '{figure}' in FIGURES of "
        f"workflow/figures/{paper}/__init__.py"
    )
