"""Where a file comes from, read off its metadata, and the commands that make it again."""

import shlex
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from study.errors import UserError

#: What a preset's name is followed by where its values were changed.
CHANGED = " (changed)"


class Origin:
    """What the metadata of one file says.

    Attributes:
        given: all of it.
        kind: "part" (of a table), "table" or "figure".
        commit: that of its code, without a mark of changes; "" where git did not tell.
        paper, figure: which.
        preset: name of the preset; empty for tables, which do not know it.
        settings: figure ↦ its settings, of all figures that a figure draws; empty for tables.
        sources: figure ↦ the origin of the numbers of its table, as `study.sources` has it.
    """

    def __init__(self, given: Mapping[str, Any]) -> None:
        """Read the metadata.

        Raises:
            UserError: an older version wrote them, which did not say what the file is.
        """
        if not {"kind", "script"} <= given.keys():
            raise UserError(
                f"an older version of deepinit made this file, at the commit {given.get('commit')}, and "
                "did not write down what it is: --json prints all that it says"
            )
        self.given, self.kind, spec = given, given["kind"], given["spec"]
        where, self.preset, self.settings = spec, "", {}
        self.sources: dict[str, dict[str, Any]] = given.get("sources", {})
        if self.kind == "figure":
            self.preset = spec["preset"].removesuffix(CHANGED)
            self.settings = {spec["figure"]: spec["settings"], **spec["read_settings"]}
        elif self.kind == "table":
            where = self.sources["specifications"]["shared"]
            self.sources = {where["figure"]: given["sources"]}
        self.paper, self.figure = where["paper"], where["figure"]
        if self.kind == "part":
            own = {"root_seed": spec.get("root_seed"), "device_setting": spec.get("device")}
            own |= {key: value for key, value in given.items() if key not in ("spec", "kind")}
            own = {key: [value] for key, value in own.items() if value is not None}
            self.sources = {self.figure: own}
        commit = given["commit"].removesuffix("+changes")
        self.commit = "" if " " in commit else commit

    @property
    def key(self) -> str:
        """The figure's key, such as marion2025_fig7."""
        return f"{self.paper}_{self.figure}"

    def all_of(self, name: str) -> list[Any]:
        """Return the distinct values of one item, such as "root_seed", over all its numbers."""
        found: list[Any] = []
        for source in self.sources.values():
            found += [value for value in source.get(name, []) if value not in found]
        return found

    def of_all(self) -> dict[str, Any]:
        """Return root seed and device as they were configured, where they are known and one."""
        found = {"root_seed": self.all_of("root_seed"), "device": self.all_of("device_setting")}
        return {key: values[0] for key, values in found.items() if len(values) == 1}

    def versions(self) -> list[str]:
        """Return Python and the packages with which it was made, with all their versions, sorted."""
        found = {f"Python {v}" for v in (self.given["python"], *self.all_of("python"))}
        for packages in (self.given["packages"], *self.all_of("packages")):
            found |= {f"{name} {version}" for name, version in packages.items()}
        return sorted(found)

    def again(self, file: Path, carried: bool, here: str = "") -> list[str]:
        """Return the commands that make a figure or a part again, to be run in the project's folder.

        A preset has the values of the commit, so it is named where the figure was made with them.

        Args:
            carried: whether the project carries the preset; without it settings are read off `file`.
            here: the commit that is checked out already.
        """
        checkout = [f"git checkout {self.commit}"] if self.commit not in ("", here) else []
        if self.kind == "part":
            return [*checkout, self.given["command"]]
        changed = self.given["spec"]["preset"].endswith(CHANGED)
        if carried and not changed and self.given["commit"] == self.commit:
            return [*checkout, f"make {self.key} PRESET={self.preset}"]
        shown = f"python workflow/cli.py provenance {shlex.quote(str(file))} --config > again.yaml"
        return [shown, *checkout, f"make {self.key} CONFIG=again.yaml"]
