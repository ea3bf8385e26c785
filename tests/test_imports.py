"""The library stands alone, and imports go down only: commands → papers → study → deepinit."""

import importlib.util
import subprocess
import sys
from pathlib import Path

import pytest
import yaml

import deepinit
from study.code_hash import WORKFLOW, import_closure
from study.code_reading import code_of

ROOT = WORKFLOW.parent
LIBRARY = sorted(WORKFLOW.glob("deepinit/**/*.py"))
#: Uses Triton, which exists on machines with a GPU alone.
NEEDS_TRITON = "deepinit.training.residual_kernel"
#: What `pip install .` does not bring.
ABSENT = (
    "pandas", "pyarrow", "pydantic", "requests", "urllib3", "filelock", "snakemake", "matplotlib",
    "seaborn", "yaml",
)  # fmt: skip

IMPORT_ALL = """
import importlib, sys

class Absent:
    def find_spec(self, name, path=None, target=None):
        if name.partition(".")[0] in {absent}:
            raise ModuleNotFoundError(f"{{name}} is not installed here", name=name)

sys.meta_path.insert(0, Absent())
for module in {modules}:
    importlib.import_module(module)
print("all there")
"""


def module(file: Path) -> str:
    """Return the dotted name of a file below workflow/."""
    parts = file.relative_to(WORKFLOW).with_suffix("").parts
    return ".".join(parts[:-1] if parts[-1] == "__init__" else parts)


def run(code: str) -> str:
    """Return what `code` prints in an interpreter of its own that finds the library."""
    done = subprocess.run(
        [sys.executable, "-c", code], cwd=WORKFLOW, capture_output=True, text=True, check=False
    )
    assert done.returncode == 0, done.stderr
    return done.stdout.strip()


def imports_all(absent: tuple[str, ...], modules: list[str]) -> bool:
    """Return whether all `modules` can be imported where `absent` packages are not installed."""
    return run(IMPORT_ALL.format(absent=absent, modules=modules)) == "all there"


def test_the_library_needs_numpy_scipy_and_torch_alone():
    modules = [module(file) for file in LIBRARY]
    if importlib.util.find_spec("triton") is None:
        modules.remove(NEEDS_TRITON)
    assert imports_all(ABSENT, modules)


def test_theory_needs_no_torch():
    theory = [module(file) for file in LIBRARY if file.stem.endswith("_theory")]
    others = [
        "deepinit", "deepinit.seeds", "deepinit.initialisers", "deepinit.widths",
        "deepinit.dense.length_law", "deepinit.dense.length_moments",
        "deepinit.dense.preactivation_law", "deepinit.meanfield.activation_kernels",
        "deepinit.meanfield.arc_cosine", "deepinit.meanfield.total_variance",
        "deepinit.resnet.bounds", "deepinit.resnet.finite_depth", "deepinit.resnet.output_ratios",
        "deepinit.stats.intervals",
    ]  # fmt: skip
    assert len(theory) > 5 and imports_all((*ABSENT, "torch"), [*theory, *others])


@pytest.mark.parametrize(("package", "below"), [("deepinit", set()), ("study", {"deepinit"})])
def test_imports_go_down_only(package: str, below: set[str]):
    own = {path.stem for path in WORKFLOW.iterdir()}
    for file in WORKFLOW.glob(f"{package}/**/*.py"):
        roots = {name.partition(".")[0] for name in code_of(file).names}
        assert roots & own <= {package, *below}, file
        closure = import_closure(file.relative_to(WORKFLOW).as_posix())
        assert {path.relative_to(WORKFLOW).parts[0] for path in closure} <= {package, *below}, file


def test_every_package_of_the_library_says_what_is_in_it():
    """A folder without `__init__.py` would not be installed."""
    for folder in {file.parent for file in LIBRARY}:
        text = importlib.import_module(module(folder / "__init__.py")).__doc__
        missing = [
            file.stem
            for file in folder.glob("*.py")
            if file.stem.removesuffix("_theory") not in text and file.stem != "__init__"
        ]
        assert folder.name == "reference" or set(missing) <= {
            "progress", "residual_kernel"
        }, folder  # fmt: skip


def test_the_version_is_the_one_to_cite():
    citation = yaml.safe_load((ROOT / "CITATION.cff").read_text(encoding="utf-8"))
    assert deepinit.__version__ == citation["version"]
    assert f"## {deepinit.__version__}\n" in (ROOT / "CHANGELOG.md").read_text(encoding="utf-8")
