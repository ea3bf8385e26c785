"""Keep tables of the papers' scale in results/recorded, where the verdicts of every preset show them.

    make marion2025_fig8 PRESET=paper
    python workflow/cli.py record marion2025_fig8 --preset paper

Of the figure's jobs those are taken that are done: each of committed code, and with the settings that the
preset 'paper' has. Commit what it writes.
"""

import argparse
import re
import shutil
from pathlib import Path
from typing import Any

import pandas as pd

from pipeline.command_line import add_choice, choice
from pipeline.expected import part_path, part_specs
from pipeline.recorded import MANIFEST, PRESET, RECORDED, manifest
from pipeline.run_records import read_record
from study.config import Config
from study.errors import UserError
from study.files import atomic_path, sha256, write_text
from study.load import carried_preset
from study.points import BESIDE_SETTINGS
from study.recorded import point_rows
from study.tables import read_provenance, read_table

#: Points are compared by themselves; `runs_failing`, which was once a setting of hanin2018 fig1b, did not
#: touch the runs on record that name it.
_NO_SETTINGS = BESIDE_SETTINGS | {"runs_failing"}


def objection(paper: str, figure: str, spec: dict[str, Any], frame: pd.DataFrame) -> str:
    """Return why a part of a table is none of the papers' scale, in words; "" if it is.

    A setting that its specification does not know, being newer, has to be at its default.

    Args:
        spec: the specification with which it was computed.
        frame: its rows.
    """
    config = carried_preset(PRESET)
    section = config.figures()[paper][figure]
    all_specs = list(part_specs(config, paper, figure).values())
    # The part that it would be; of a table older than lists of points, any.
    mine = spec.get("points", [])
    specs = [scale for scale in all_specs if all(p in scale["points"] for p in mine)] or all_specs
    default = next(iter(part_specs(Config(), paper, figure).values()))
    aside = _NO_SETTINGS.union(getattr(section, "chooses_points", ()))

    def differing(scale: dict[str, Any]) -> list[str]:
        # Before specifications listed their points, other keys described them; the rows tell.
        # Settings that this part does not see any more play no part in it.
        unseen = set(type(section).model_fields) - scale.keys()
        own = spec.keys() - unseen if "points" in spec else scale.keys()
        keys = sorted((own | scale.keys()) - aside)
        return [key for key in keys if spec.get(key, default.get(key)) != scale.get(key)]

    if differ := min(map(differing, specs), key=len):
        return f"its settings are not those of the preset '{config.preset}': {', '.join(differ)}"
    points = [point for scale in all_specs for point in scale["points"]]
    rows = point_rows(frame, list(points[0]))
    known = point_rows(pd.DataFrame(points), list(rows))
    if len(rows.merge(known)) < len(rows) or any(p not in points for p in spec.get("points", [])):
        return f"its grid points, or the replicates there, are not those of the preset '{config.preset}'"
    return ""


def _row(path: str, name: str) -> dict[str, Any]:
    """Return the row of the manifest for a part that a run has left in results/.

    Raises:
        UserError: it is not known how it was computed, or from what code.
    """
    record, provenance, digest = read_record(path), read_provenance(Path(path)), sha256(Path(path))
    if record.get("outputs", {}).get(path) != digest:
        raise UserError(
            f"{path} is not as its job left it, or the job's record in logs/ is missing: make it again"
        )
    commit = provenance["commit"]
    if not commit.isalnum():
        raise UserError(
            f"{path} was computed with code that is not committed ({commit}), so that nobody could make it "
            "again: commit, delete it and make it again"
        )
    card = re.fullmatch(r"cuda \((.+)\)", provenance["device"])
    return {
        "table": name,
        "sha256": digest,
        "commit": commit,
        "code": provenance["code"],
        "device": card[1] if card else provenance["machine"].partition(", ")[2],
        "torch": provenance["packages"].get("torch", ""),
        "date": record["finished"][:10],
        "seconds": record["wall_seconds"],
        "gpu_mebibytes": "",
    }


def record(config: Config, key: str) -> list[str]:
    """Add to the record what is done of a figure's table; return the paths that were written.

    Raises:
        UserError: nothing is done, or a part cannot be recorded; nothing is written then.
    """
    if key not in config.figure_keys():
        raise UserError(f"there is no figure '{key}': 'make list' shows all of them")
    paper, _, figure = key.partition("_")
    parts = {
        (RECORDED / "tables" / paper / figure / f"{part}.parquet").as_posix(): path
        for part in part_specs(config, paper, figure)
        if Path(path := part_path(config.preset, paper, figure, part)).is_file()
    }
    if not parts:
        raise UserError(
            f"nothing of {key} has been computed at the preset '{config.preset}': "
            f"'make {key}' with the same PRESET or CONFIG does it"
        )
    rows = {row["table"]: row for row in manifest()}
    for kept, path in parts.items():
        spec, frame = read_provenance(Path(path))["spec"], read_table(Path(path))
        if why := objection(paper, figure, spec, frame):
            raise UserError(f"{path} cannot be recorded: {why}")
        name = Path(kept).relative_to(RECORDED).as_posix()
        rows[name] = _row(path, name)
    for kept, path in parts.items():
        with atomic_path(Path(kept)) as temporary:
            shutil.copyfile(path, temporary)
    table = pd.DataFrame([rows[name] for name in sorted(rows)])
    write_text(MANIFEST, table.to_csv(index=False))
    return list(parts)


def main() -> None:
    """Add to the record."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("figure", help="a key, such as marion2025_fig8")
    add_choice(parser, option=True)
    parser.set_defaults(preset=PRESET)
    arguments = parser.parse_args()
    written = record(choice(arguments.preset, arguments.config).config, arguments.figure)
    print("\n".join(["Recorded; commit them:", *written, MANIFEST.as_posix()]))
