"""What the provenance of a file says, in one form for figures, tables and their parts."""

import re
import shlex
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import Any

from pipeline.expected import GATHER_SCRIPT
from study.code_hash import WORKFLOW
from study.errors import UserError

_TABLE = re.compile(
    r"results/(?P<preset>[\w-]+)/tables/(?P<paper>[a-z0-9]+)/(?P<figure>\w+)"
    r"(?:/(?P<part>\w+))?\.parquet"
)
_CHANGED = " (changed)"


@dataclass(frozen=True)
class MadeFrom:
    """The origin of one file.

    Attributes:
        kind: "figure", "table" or "part" (of a table).
        paper, figure: which.
        part: which part of the table; empty but for parts.
        preset: name of the preset; empty if the file does not say.
        values_changed: whether the figure says that its values were not the preset's own.
        provenance: all that the file says.
    """

    kind: str
    paper: str
    figure: str
    part: str
    preset: str
    values_changed: bool
    provenance: Mapping[str, Any]

    @property
    def key(self) -> str:
        """The figure's key, such as marion2025_fig7."""
        return f"{self.paper}_{self.figure}"

    @property
    def script(self) -> str:
        """The script that wrote the file, relative to workflow/."""
        words = shlex.split(self.provenance["command"])
        return next(word for word in words if word.startswith(("scripts/", "papers/")))

    @property
    def settings(self) -> dict[str, dict[str, Any]]:
        """Figure ↦ its settings, of all figures that a drawing reads; tables do not know them."""
        spec = self.provenance["spec"]
        if self.kind != "figure":
            return {}
        return {self.figure: spec["settings"], **spec.get("read_settings", {})}

    @cached_property
    def part_specs(self) -> dict[str, dict[str, Any]]:
        """Part ↦ its specification, of a table or a part; figures do not know them."""
        if self.kind == "part":
            return {self.part: self.provenance["spec"]}
        specs = self.provenance.get("sources", {}).get("specifications")
        if self.kind != "table" or not specs:
            return {}
        return {part: {**specs["shared"], **own} for part, own in specs["parts"].items()}

    @cached_property
    def sources(self) -> dict[str, dict[str, Any]]:
        """Figure ↦ the origin of the numbers of its table, as `study.sources` has it.

        Empty where the file does not say: one that an older version made.
        """
        given = self.provenance.get("sources", {})
        if self.kind == "figure":
            return given
        if self.kind == "table":
            return {self.figure: given} if given else {}
        own = self.provenance
        kept = ("commit", "code", "device", "machine", "python", "packages")
        spec = own["spec"]
        return {
            self.figure: {
                "parts": 1,
                "root_seed": [spec["root_seed"]] if "root_seed" in spec else [],
                "device_setting": [spec["device"]] if "device" in spec else [],
                **{name: [own[name]] for name in kept if name in own},
            }
        }

    def all_of(self, name: str) -> list[Any]:
        """Return the distinct values of one item, such as "root_seed", over all its numbers."""
        found: list[Any] = []
        for source in self.sources.values():
            found += [value for value in source.get(name, []) if value not in found]
        return found


def made_from(provenance: Mapping[str, Any], name: Path) -> MadeFrom:
    """Return the origin that a provenance tells.

    Raises:
        UserError: it is that of neither a figure nor a table.
    """
    spec, command = provenance.get("spec", {}), str(provenance.get("command", ""))
    if "settings" in spec:
        preset = str(spec["preset"])
        return MadeFrom(
            "figure",
            spec["paper"],
            spec["figure"],
            "",
            preset.removesuffix(_CHANGED),
            preset.endswith(_CHANGED),
            provenance,
        )
    output = command.partition(" --output ")[2]
    place = _TABLE.match(output)
    is_table = GATHER_SCRIPT in command
    if place and bool(place["part"]) != is_table:
        kind = "table" if is_table else "part"
        paper, figure, part = place["paper"], place["figure"], place["part"] or ""
        return MadeFrom(kind, paper, figure, part, place["preset"], False, provenance)
    if {"paper", "figure"} <= spec.keys():
        # A part that was written elsewhere, by hand.
        part = Path(output.split(" ")[0]).stem
        return MadeFrom("part", spec["paper"], spec["figure"], part, "", False, provenance)
    raise UserError(
        f"{name} was made by deepinit, but it is neither a figure nor a table of one: "
        f"its command was {command}"
    )


def script_is_here(script: str) -> bool:
    """Return whether this checkout has a script."""
    return (WORKFLOW / script).is_file()
