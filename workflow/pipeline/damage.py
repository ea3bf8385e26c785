"""What becomes of a damaged result: it is put out of the way, so that the next run makes it again."""

from pathlib import Path

from study.files import set_aside


def put_away(path: Path) -> str:
    """Set a damaged file aside if that helps, and return in words what to do.

    A file that Snakemake took from a cache between workflows is a link: without it Snakemake would
    make the same link again.
    """
    if path.is_symlink():
        return f"delete {path.resolve()}, the file of the cache that it links to, and run again"
    try:
        aside = set_aside(path, "damaged")
    except OSError:
        return "delete it and run again, which makes it"
    return f"it is set aside as {aside.name}; run again, which makes it"
