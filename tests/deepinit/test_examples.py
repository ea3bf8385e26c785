"""The worked examples of the library, run as they are.

The chance that one fails with other random numbers is below 1e-4 in all; their seed is fixed.
"""

import doctest
import json
import math
import re

import pytest
from project import ROOT
from scipy import stats

import deepinit
from deepinit.examples import activation, fractional_weights, length_distribution, residual_change
from deepinit.resnet.ratios_theory import log_normal_limit

README = ROOT / "README.md"
TOUR = README.parent / "workflow/deepinit/examples/tour.ipynb"
#: For each of the 40 comparisons below.
LEVEL = 1e-4 / 40
Z = stats.norm.isf(LEVEL / 2)


@pytest.mark.slow
def test_a_residual_network_changes_as_the_limits_say():
    """β = ½: mean and deviation of 1000 networks, to their errors and 1/L; else nothing or everything."""
    found, limit = residual_change.run(), log_normal_limit(residual_change.WIDTH)
    mean, deviation = found["mean"][0.5], found["deviation"][0.5]
    networks, depth = residual_change.NETWORKS, residual_change.DEPTH
    assert abs(mean - limit.mean) < Z * limit.deviation / math.sqrt(networks) + 1 / depth
    assert abs(deviation / limit.deviation - 1) < Z / math.sqrt(2 * networks) + 1 / depth
    assert found["change"][0.25] > 10 and found["change"][1.0] < 0.1


def test_lengths_have_the_exact_distribution():
    """Shares of 4000 networks: binomial tests."""
    for exact, share in length_distribution.run().values():
        count, networks = round(share * length_distribution.NETWORKS), length_distribution.NETWORKS
        assert stats.binomtest(count, networks, exact).pvalue > LEVEL


def test_the_correlation_for_an_activation_follows_its_map():
    """Width 500: to the error of the mean, and 5 l/N as in the test of the built-in activations."""
    score = stats.t.isf(LEVEL / 2, activation.NETWORKS - 1)
    for layer, (exact, mean, error) in enumerate(zip(*activation.run(), strict=True)):
        assert abs(mean - exact) < score * error + exact * 5 * layer / activation.WIDTH


@pytest.mark.slow
def test_weights_of_fractional_noise_have_its_covariance_and_critical_exponent():
    """4 million products, correlated along a path: a deviation of 1/√(paths) bounds their error."""
    for lag_one, exact, below, above in fractional_weights.run().values():
        assert abs(lag_one - exact) < Z / math.sqrt(fractional_weights.PATHS)
        assert below > 0.2 and above < -0.5


def test_the_example_in_the_docstring_of_the_library_gives_what_it_says():
    assert doctest.testmod(deepinit) == (0, 3)


@pytest.mark.parametrize("code", re.findall("```python\n(.*?)```", README.read_text(), re.S))
def test_what_the_readme_shows_runs(code: str, capsys: pytest.CaptureFixture[str]):
    """With fewer networks. Three lines each."""
    assert len(list(filter(None, code.splitlines()))) <= 3
    exec(code.replace("10_000", "100"), {})
    said = capsys.readouterr().out
    assert said and "nan" not in said


@pytest.mark.slow
def test_the_notebook_runs_from_top_to_bottom(monkeypatch: pytest.MonkeyPatch):
    monkeypatch.chdir(TOUR.parent)
    cells = json.loads(TOUR.read_text(encoding="utf-8"))["cells"]
    known: dict = {}
    for cell in cells:
        if cell["cell_type"] == "code":
            exec("".join(cell["source"]), known)
    assert known["best"].shape == (10, 10) and len(known["logs"]) == 2000
    assert known["report"]["lengths"].answer == "yes"
