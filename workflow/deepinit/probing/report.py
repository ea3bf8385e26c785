"""The networks of a user, asked the questions of the three papers."""

from __future__ import annotations

import inspect
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np
from torch import nn

from deepinit.probing.drawing import drawn
from deepinit.probing.findings import Finding
from deepinit.probing.inputs import UnfitNetworks
from deepinit.probing.networks import Measured, measure
from deepinit.probing.questions import all_findings
from deepinit.probing.residual import residual
from deepinit.probing.theory import Theory, theory_of
from deepinit.progress import Report as Progress
from deepinit.progress import no_progress

if TYPE_CHECKING:
    import pandas as pd
    from matplotlib.figure import Figure


@dataclass(frozen=True)
class Report:
    """What `probe` returns.

    Attributes:
        measured: all numbers.
        theory: what theory says of them.
        findings: the answers, in the order of `summary`.
        depths: L ↦ the networks of that depth, where `build` took one; else empty.
    """

    measured: Measured
    theory: Theory
    findings: tuple[Finding, ...]
    depths: Mapping[int, Measured]

    def __repr__(self) -> str:
        return self.summary()

    def __getitem__(self, key: str) -> Finding:
        """Return the finding of a key, as in `report["lengths"]`.

        Raises:
            KeyError: that question was not asked of these networks.
        """
        for finding in self.findings:
            if finding.key == key:
                return finding
        keys = ", ".join(finding.key for finding in self.findings)
        raise KeyError(f"no question '{key}' was asked; those that were: {keys}")

    def summary(self) -> str:
        """Return a few sentences: what was measured, and an answer to each question."""
        answers = [str(finding) for finding in self.findings]
        nothing = (
            "There are too few layers to ask anything: a module that calls no others is one layer."
        )
        return "\n".join([self.heading(), *(answers or [nothing])])

    def heading(self) -> str:
        """Return what was measured, in one line."""
        measured, chain = self.measured, self.measured.structure.chain
        layers = sum(bool(layer.outputs) for layer in measured.layers)
        words = [f"{measured.networks} networks of {layers} layers, {measured.samples} inputs"]
        if chain is not None:
            norm = f" after {chain.normalisation}" if chain.normalisation else ""
            words.append(
                f"a chain of {len(chain.layers)} linear layers with {chain.activation}{norm}"
            )
        if additions := measured.structure.additions:
            zero = "" if measured.branches.any() else ", all of them zero"
            words.append(f"{len(additions)} residual branches{zero}")
            blocks = sum(layer.kind == "block" for layer in measured.layers)
            if (other := blocks - len(additions)) > 0:
                words.append(f"the shape of the stream changes in {other} more of the blocks")
        if measured.dropout:
            words.append("dropout switched off")
        return "; ".join(words) + "."

    def frame(self) -> pd.DataFrame:
        """Return the numbers: one row per layer and network.

        Columns: network, layer (1, 2, …), module, kind, width; of what comes out log10_mean_square, m2,
        v2, correlation and log10_gradient_rms; of what goes in log10_input_mean_square,
        log10_input_gradient_rms and off (share of units that are zero for every input); branch, the size of
        the residual branch that was added to what goes in, relative to its stream; and by theory
        theory_log10_input_mean_square (log10 of the mean) and theory_correlation. NaN for what there is not.
        """
        import pandas as pd

        return pd.DataFrame(columns_of(self.measured, self.theory))

    def plot(self) -> Figure:
        """Return a figure: lengths, differences between inputs, gradients and branches by layer."""
        return drawn(self)


def columns_of(measured: Measured, theory: Theory) -> dict[str, np.ndarray]:
    """Return the columns of `Report.frame`."""
    networks, layers = measured.networks, len(measured.layers)
    structure, chain = measured.structure, measured.structure.chain
    inputs, outputs = measured.values["inputs"], measured.values["outputs"]
    branch = np.full((networks, layers), np.nan)
    for number, found in enumerate(structure.additions):
        branch[:, found.total.layer] = measured.branches[:, number]
    lengths, correlations = (np.full(layers, np.nan) for _ in range(2))
    if chain is not None and theory.log_lengths is not None:
        start = inputs["mean_square"][:, chain.layers[0]].mean()
        for place, value in zip(structure.lengths, theory.log_lengths, strict=True):
            lengths[place.layer] = (value + np.log(start)) / np.log(10)
    if chain is not None and theory.correlations is not None:
        correlations[list(chain.layers)] = theory.correlations
    with np.errstate(divide="ignore", invalid="ignore"):
        total = outputs["squared_mean"] + outputs["variance"]
        by_network = {
            "log10_mean_square": np.log10(outputs["mean_square"]),
            "m2": outputs["squared_mean"],
            "v2": outputs["variance"],
            "correlation": outputs["squared_mean"] / total,
            "log10_gradient_rms": np.log10(outputs["gradient"]) / 2,
            "log10_input_mean_square": np.log10(inputs["mean_square"]),
            "log10_input_gradient_rms": np.log10(inputs["gradient"]) / 2,
            "off": inputs["off"],
            "branch": branch,
        }
    by_layer = {
        "module": np.array([layer.name for layer in measured.layers], dtype=object),
        "kind": np.array([layer.kind for layer in measured.layers], dtype=object),
        "width": np.array([layer.width for layer in measured.layers]),
    }
    theories = {"theory_log10_input_mean_square": lengths, "theory_correlation": correlations}
    return {
        "network": np.repeat(np.arange(networks), layers),
        "layer": np.tile(np.arange(1, layers + 1), networks),
        **{name: np.tile(values, networks) for name, values in by_layer.items()},
        **{name: values.ravel() for name, values in by_network.items()},
        **{name: np.tile(values, networks) for name, values in theories.items()},
    }


def _check_takes(build: Callable[..., nn.Module], depth: int | None) -> None:
    """Check that the builder takes a depth if there is one, else nothing.

    Raises:
        UnfitNetworks: it does not, or is a network itself.
    """
    if isinstance(build, nn.Module):
        raise UnfitNetworks("build must be a function that returns a new module, not a module")
    try:
        inspect.signature(build).bind(*([] if depth is None else [depth]))
    except ValueError:  # a function written in C has no signature
        return
    except TypeError as error:
        wanted = "build() without a depth" if depth is None else "build(depth)"
        raise UnfitNetworks(f"the builder cannot be called as {wanted}: {error}") from None


def probe(
    build: Callable[..., nn.Module],
    inputs: Any,
    networks: int = 50,
    seed: int = 0,
    *,
    depth: int | None = None,
    batch_axis: int = 0,
    level: float = 0.99,
    blocks: Sequence[str] = (),
    progress: Progress = no_progress,
) -> Report:
    """Return how a network of yours behaves at initialisation, measured on independent copies.

    Each network is built from a seed of its own, `torch.manual_seed(seeds[k]); build()`, is measured in one
    forward and one backward pass, and is gone before the next is built. Nothing of it is changed, and random
    states are as before. Dropout is off; batch normalisation takes the statistics of the batch.

    Args:
        build: returns a new module with new weights at every call; with `depth`, `build(depth)`.
        inputs: a batch: a tensor, a tuple of arguments, a mapping of keywords, or a function without
            arguments that returns one of these; the same for all networks.
        networks: how many, at least two; with fewer than five some questions are not asked.
        seed: of everything.
        depth: L; networks of the depths L/4 and L/2 are measured, too, for the exponents of a residual net.
        batch_axis: along which the inputs lie in all tensors.
        level: of the intervals.
        blocks: names of modules that take a residual stream and give it back with their branch added, such as
            "layers.*" (a * stands for a part between two dots), in place of what comparing numbers finds;
            the branch is what comes out less what goes in.
        progress: called with networks done and in all.

    Raises:
        UnfitNetworks: a ValueError; one sentence says why they cannot be measured.
    """
    _check_takes(build, depth)
    if depth is None:
        measured = measure(build, inputs, networks, seed, batch_axis, progress, blocks)
        depths: dict[int, Measured] = {}
    else:
        if depth < 8:
            raise UnfitNetworks(f"a depth must be 8 or more, so that L/4 is one: not {depth}")
        depths = {
            part: measure(
                lambda part=part: build(part), inputs, networks, seed, batch_axis, progress, blocks
            )
            for part in (depth // 4, depth // 2, depth)
        }
        measured = depths[depth]
    theory = theory_of(measured)
    findings = all_findings(measured, theory, level)
    if (found := residual(measured, level, depths)) is not None:
        findings.append(found)
    return Report(measured, theory, tuple(findings), depths)
