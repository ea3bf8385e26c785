"""Results in a cache that several copies of the project share are found again, and never stale."""

from pathlib import Path

import pytest
from project import Project

from study.tables import read_provenance

pytestmark = pytest.mark.slow
KEY, PART = "luther2019_membrane_images", "images"


@pytest.fixture
def cache(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    folder = tmp_path / "cache"
    folder.mkdir()
    monkeypatch.setenv("SNAKEMAKE_OUTPUT_CACHE", str(folder))
    return folder


def build(project: Project, *words: str, config: tuple[str, ...] = ()) -> Path:
    """Make the part with the cache and return its path."""
    part = project.table(KEY, PART)
    target = str(part.relative_to(project.path))
    done = project.snakemake("--cores", "1", target, *words, config=config)
    assert done.returncode == 0, done.text
    return part


def test_another_copy_takes_a_part_from_the_cache_and_never_a_stale_one(
    checkout: Project, cache: Path, tmp_path: Path
):
    first, second = (checkout.copy(tmp_path / name) for name in ("first", "second"))
    made = build(first, "--cache")
    (cached,) = cache.iterdir()
    assert made.resolve() == cached

    found = build(second, "--cache")
    assert found.resolve() == cached

    # A module that only other modules import; versions of packages count as code, too.
    second.append("deepinit/random.py", "UNUSED = 1")
    other = build(second, "--cache")
    assert other.resolve() != cached
    assert read_provenance(other)["code"] != read_provenance(made)["code"]
    # Made without the cache, the part is a file of its own.
    other = other.resolve()
    before = other.read_bytes()
    part = build(second, config=("root_seed=1",))
    assert not part.is_symlink()
    assert other.read_bytes() == before != part.read_bytes()
