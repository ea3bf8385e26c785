"""How the machine and the packages here differ from those that made a file."""

import importlib.metadata
import platform
from typing import Any

from origin.made_from import MadeFrom
from pipeline.gpus import visible_gpus
from study.provenance import machine


def packages_of(origin: MadeFrom) -> dict[str, list[str]]:
    """Return package ↦ its versions, of the drawing and of all numbers."""
    found: dict[str, list[str]] = {}
    for packages in (origin.provenance.get("packages", {}), *origin.all_of("packages")):
        for name, version in packages.items():
            versions = found.setdefault(name, [])
            versions += [version] * (version not in versions)
    return dict(sorted(found.items()))


def _installed(package: str) -> str:
    try:
        return importlib.metadata.version(package)
    except importlib.metadata.PackageNotFoundError:
        return "none"


def differences(origin: MadeFrom) -> list[str]:
    """Return how this environment differs from the recorded one, each difference in words."""
    pairs: list[tuple[str, list[Any], str]] = [
        ("Python", _with_own(origin, "python"), platform.python_version()),
        *((name, versions, _installed(name)) for name, versions in packages_of(origin).items()),
        ("the machine", _with_own(origin, "machine"), machine()),
    ]
    found = [
        f"{name} is {here} here and was {' and '.join(recorded)}"
        for name, recorded, here in pairs
        if recorded != [here]
    ]
    on_gpu = {str(device).startswith("cuda") for device in origin.all_of("device")}
    if True in on_gpu and not visible_gpus():
        found.append("there is no GPU, and it was computed on one")
    if on_gpu == {False} and visible_gpus() and "cpu" not in origin.all_of("device_setting"):
        found.append("a GPU would be used, and it was computed on the CPU")
    return found


def _with_own(origin: MadeFrom, name: str) -> list[Any]:
    """Return the distinct values of an item, of the file itself and of its numbers."""
    found = [origin.provenance[name]] if name in origin.provenance else []
    return found + [value for value in origin.all_of(name) if value not in found]


def consequence(found: list[str]) -> str:
    """Return what the differences mean for the numbers."""
    if not found:
        return "The environment here is the recorded one: the same commands and code give the same bytes."
    if any("GPU" in difference for difference in found):
        return (
            "Random streams differ between CPU and GPU: numbers made here agree in law, not one "
            "by one."
        )
    return (
        "Numbers made here agree to rounding, or in law where training or deep products amplify "
        "it; not byte for byte."
    )
