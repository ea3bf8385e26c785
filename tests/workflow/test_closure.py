"""The import closure finds what runs, and its hash changes with code and with nothing else."""

from pathlib import Path

import pytest
from project import Project

from study import code_hash as closure
from study import code_reading
from study.errors import UserError

FILES = {
    "job.py": "import json",
    "scripts/__init__.py": "",
    "scripts/draw.py": '"""Draw."""\n\nfrom house import roof\n\n\ndef run(job):\n    return 1\n',
    "house/__init__.py": "from house.walls import HEIGHT",
    "house/walls.py": "HEIGHT = 2",
    "house/roof.py": "def tile():\n    import house.attic.beam\n",
    "house/attic/__init__.py": "",
    "house/attic/beam.py": "",
    "house/cellar.py": "import numpy",
}


@pytest.fixture
def tree(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Make a small project and point the closure at it."""
    workflow = tmp_path / "workflow"
    for name, text in FILES.items():
        (workflow / name).parent.mkdir(parents=True, exist_ok=True)
        (workflow / name).write_text(text)
    monkeypatch.setattr(closure, "WORKFLOW", workflow)
    pin(workflow, "numpy==1.0", "pillow==1.0", "scipy==1.0")
    return workflow


def pin(tree: Path, *versions: str) -> None:
    """Write the lock file."""
    lock = tree.parent / closure._LOCK
    lock.parent.mkdir(exist_ok=True)
    lock.write_text("# exact versions\n" + "\n".join(versions) + "\n")


def hashed(*scripts: str) -> str:
    """Return the hash as a new process would find it."""
    caches = (closure._read, closure._pins, closure.code_hash)
    for cache in caches:
        cache.cache_clear()
    value = closure.code_hash(*scripts)
    for cache in caches:
        cache.cache_clear()
    return value


def test_the_closure_has_indirect_imports_packages_and_imports_inside_functions(tree: Path):
    found = {
        file.relative_to(tree).as_posix() for file in closure.import_closure("scripts/draw.py")
    }
    assert found == FILES.keys() - {"job.py", "house/cellar.py"}


def test_a_script_that_does_not_exist_is_an_error(tree: Path):
    with pytest.raises(UserError, match="workflow/scripts/drew"):
        closure.import_closure("scripts/drew.py")


@pytest.mark.parametrize(
    ("file", "text"),
    [
        (
            "scripts/draw.py",
            '"""Draws."""\nfrom house import roof\n# why\ndef run(job): return 1\n',
        ),
        (
            "scripts/draw.py",
            FILES["scripts/draw.py"].replace("return 1", '"""Do."""\n    return 1'),
        ),
        ("house/cellar.py", "import scipy"),
    ],
    ids=["comment and layout", "docstring", "module outside the closure"],
)
def test_the_hash_ignores(tree: Path, file: str, text: str):
    before = hashed("scripts/draw.py")
    (tree / file).write_text(text)
    assert hashed("scripts/draw.py") == before


@pytest.mark.parametrize(
    ("file", "text"),
    [
        ("scripts/draw.py", FILES["scripts/draw.py"].replace("1", "2")),
        ("house/walls.py", "HEIGHT = 3"),
        ("house/attic/beam.py", "OAK = True"),
        ("house/__init__.py", 'from house.walls import HEIGHT\nNAME = "house"'),
    ],
    ids=["script", "constant behind a package", "import inside a function", "package"],
)
def test_the_hash_changes_with_the_code_of(tree: Path, file: str, text: str):
    before = hashed("scripts/draw.py")
    (tree / file).write_text(text)
    assert hashed("scripts/draw.py") != before


def test_the_hash_changes_with_the_pin_of_a_package_that_is_imported_and_with_no_other(tree: Path):
    (tree / "house/attic/beam.py").write_text("import numpy.linalg\nfrom PIL import Image")
    assert closure.pinned_packages("scripts/draw.py") == ["numpy==1.0", "pillow==1.0"]
    before = hashed("scripts/draw.py")
    pin(tree, "numpy==1.0", "pillow==1.0", "scipy==2.0")
    assert hashed("scripts/draw.py") == before
    pin(tree, "numpy==1.0", "pillow==1.1", "scipy==2.0")
    assert hashed("scripts/draw.py") != before


def test_the_hash_is_the_same_in_every_version_of_python():
    # Code on which ast.dump or ast.unparse of different versions differ: nested quotes in an
    # f-string, None as a value, classes and functions without type parameters.
    code = """class Roof(list[int]):
    def tile(self, *, height: float | None = None) -> str:
        try:
            return f"{self['slate']!r:>{height}} \\n'm'" + "é\\\\"
        except (KeyError, *()):
            raise ValueError(None) from None
"""
    # As Python 3.11, 3.12 and 3.13 find it.
    assert code_reading.read_code(code).digest.startswith("6819a30a6489dc46")


def test_modules_that_do_not_count_as_code_compute_nothing():
    for name in closure._WITHOUT_NUMBERS:
        names, _ = code_reading.code_of(closure.WORKFLOW / name)
        roots = {imported.split(".")[0] for imported in names}
        assert not roots & {"numpy", "torch", "scipy", "pandas", "random"}, name


def test_code_that_was_edited_since_this_process_read_it_is_noticed(tree: Path):
    hashed("scripts/draw.py")
    assert closure.is_unchanged("scripts/draw.py")
    (tree / "house/walls.py").write_text("HEIGHT = 3")
    assert not closure.is_unchanged("scripts/draw.py")
    closure._read.cache_clear()


@pytest.mark.parametrize(
    ("statement", "module"),
    [
        (
            'import importlib; importlib.import_module("deepinit.initialisers")',
            "deepinit.initialisers",
        ),
        ("from deepinit.resnet import independent_weights", "deepinit.resnet.ratios"),
    ],
)
def test_a_script_that_hides_an_import_is_refused(
    unbuilt_copy: Project, statement: str, module: str
):
    script = f"{statement}\n\ndef run(job):\n    job.outputs[0].write_text('done')\n"
    (unbuilt_copy.path / "workflow/scripts/sly.py").write_text(script)
    done = unbuilt_copy.run(["python", "workflow/job.py", "scripts/sly.py", "--spec", "{}",
                             "--output", "result.txt"])  # fmt: skip
    assert done.returncode == 1
    file = f"{module.rpartition('.')[2]}.py"
    assert file in done.text and "without a plain import statement" in done.text
    assert f"'from {module} import …'" in done.text
    assert "Traceback" not in done.text
