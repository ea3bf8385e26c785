"""Where a file comes from, read off its metadata, and how it is made again."""

import json
import shlex
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from pipeline.expected import part_script, part_specs
from study.code_hash import WORKFLOW, code_hash
from study.errors import UserError
from study.load import carried_preset, preset_names
from study.provenance import git

#: What a preset's name is followed by where its values were changed, and a commit likewise.
_CHANGED, _CHANGES = " (changed)", "+changes"


class Origin:
    """What the metadata of one file says.

    Attributes:
        given: all of it.
        kind: "part" (of a table), "table" or "figure".
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
            self.preset = spec["preset"].removesuffix(_CHANGED)
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

    def differences(self) -> list[str] | None:
        """Return which settings differ from the preset of the same name here; None if there is none."""
        carried = carried_preset(self.preset)
        if carried is None:
            return None
        sections = carried.figures().get(self.paper, {})
        ours: dict[str, Any] = {key: getattr(carried, key) for key in ("root_seed", "device")}
        theirs = {**ours, **self.of_all()}
        for figure, settings in self.settings.items():
            there = sections[figure].model_dump(mode="json") if figure in sections else {}
            ours |= {f"{figure}.{key}": value for key, value in there.items()}
            theirs |= {f"{figure}.{key}": value for key, value in settings.items()}
        keys = [key for key in {**ours, **theirs} if ours.get(key) != theirs.get(key)]
        return [f"{key} {_short(ours.get(key))} → {_short(theirs.get(key))}" for key in keys]

    def code_here(self) -> dict[str, tuple[str, bool]]:
        """Return script ↦ its code in the file, and whether this checkout's is the same."""
        recorded = {self.given["script"]: [self.given["code"]]}
        if self.kind != "part":
            recorded |= {part_script(self.paper, f): s["code"] for f, s in self.sources.items()}
        return {
            script: (" and ".join(hashes), hashes == [_code(script)])
            for script, hashes in recorded.items()
        }

    def configuration(self) -> dict[str, Any]:
        """Return the content of a configuration file with which a figure is made again.

        The settings of its figures stand in it whole, so that it holds whatever becomes of the preset.

        Raises:
            UserError: the file is no figure, so that it does not know them.
        """
        if self.kind != "figure":
            raise UserError(
                "a table knows the specifications of its parts (--json prints them) and not the "
                "settings of its figure: ask for the figure, a PDF or PNG, or for the config.yaml "
                "beside its results"
            )
        base = {} if carried_preset(self.preset) else {"base": "laptop"}
        settings = {figure: values for figure, values in self.settings.items() if values}
        return {"preset": self.preset, **base, **self.of_all(), self.paper: settings}

    def _preset_of_table(self) -> str | None:
        """Return a carried preset that has exactly the parts of this table."""
        given = self.given["sources"]["specifications"]
        specs = {part: {**given["shared"], **own} for part, own in given["parts"].items()}
        for name in preset_names():
            config = carried_preset(name)
            here = self.figure in config.figures().get(self.paper, {})
            if here and part_specs(config, self.paper, self.figure) == specs:
                return name
        return None

    def commands(self, file: Path) -> list[str]:
        """Return the commands that make the file again, to be run in the project's folder.

        Raises:
            UserError: the file does not know its settings.
        """
        commit = self.given["commit"].removesuffix(_CHANGES)
        known = " " not in commit and commit != git("rev-parse", "HEAD")
        checkout = [f"git checkout {commit}"] if known else []
        if self.kind == "part":
            return [*checkout, self.given["command"]]
        preset = self._preset_of_table() if self.kind == "table" else self.preset
        if preset and (self.kind == "table" or self.differences() == []):
            return [*checkout, f"make {self.key} PRESET={preset}"]
        self.configuration()
        shown = f"python workflow/cli.py provenance {shlex.quote(str(file))}"
        return [f"{shown} --config > again.yaml", *checkout, f"make {self.key} CONFIG=again.yaml"]

    def lines(self) -> list[tuple[str, str]]:
        """Return what there is to know of the file, each with its name."""
        here = {True: "the same here", False: "another here"}
        seeds, commits = self.all_of("root_seed"), self.all_of("commit")
        versions = {f"Python {v}" for v in (self.given["python"], *self.all_of("python"))}
        for packages in (self.given["packages"], *self.all_of("packages")):
            versions |= {f"{name} {version}" for name, version in packages.items()}
        lines = [("preset", self.preset)] if self.preset else []
        if self.kind == "figure":
            differ = self.differences()
            shown = "; ".join(differ or ["as in this checkout"])
            none = "--config prints them; this checkout carries no preset of that name"
            lines.append(("settings", none if differ is None else shown))
            if recorded := self.given["spec"].get("recorded"):
                lines.append(
                    ("papers' scale", f"results/recorded, files: {len(recorded['tables'])}")
                )
        lines += [
            ("root seed", " and ".join(map(str, seeds)) or "none: nothing is random"),
            ("commit", _commit(self.given["commit"])),
            *(("numbers from", _commit(c)) for c in commits if c != self.given["commit"]),
            *(
                ("code", f"{code}, {script}: {here[same]}")
                for script, (code, same) in self.code_here().items()
            ),
            ("computed on", "; ".join([*self.all_of("device"), *self.all_of("machine")])),
            ("versions", ", ".join(sorted(versions))),
        ]
        return lines


def _code(script: str) -> str | None:
    """Return the hash of the code behind a script here; None if there is no such script."""
    return code_hash("job.py", script) if (WORKFLOW / script).is_file() else None


def _short(value: Any) -> str:
    text = value if isinstance(value, str) else json.dumps(value, ensure_ascii=False)
    return text if len(text) <= 60 else f"{text[:59]}…"


def _commit(recorded: str) -> str:
    here = recorded.removesuffix(_CHANGES) == git("rev-parse", "HEAD")
    return f"{recorded} (checked out here)" if here else recorded
