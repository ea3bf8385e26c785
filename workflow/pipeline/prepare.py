"""What `make` does before it starts Snakemake: look at what is there already."""

import json
import os
import time
from collections.abc import Iterable, Mapping
from pathlib import Path

from pipeline.expected import DATA_FOLDER, Expected, jobs_behind, results_folder, table_path
from pipeline.judgement import (
    Judgement,
    all_files,
    data_sets,
    judge,
    read_record,
    record_of,
)
from pipeline.recorded import RECORDED
from pipeline.runs import explain_lock, is_at_work, named_by_jobs, refuse_if_at_work
from pipeline.snakemake_calls import quiet_snakemake
from study.config import Config
from study.errors import UserError
from study.files import set_aside, sha256, write_text
from study.provenance import checkout

#: Clocks of a file server and of this machine may differ by so much, seconds.
_SPARE = 1.0


def files_of(config: Config, target: str) -> dict[str, Expected | None]:
    """Return the files whose jobs `target` runs: a figure's key, or "all"."""
    if target == "all":
        return all_files(config)
    paper, _, figure = target.partition("_")
    jobs = jobs_behind(config, paper, figure)
    return {path: job for job in jobs for path in job.outputs} | dict.fromkeys(data_sets())


def tables_of(config: Config, target: str) -> list[str]:
    """Return the table of a figure, or those it draws if it has none; none for other targets.

    They belong to what is asked for even where the drawing is there.
    """
    paper, _, figure = target.partition("_")
    section = config.figures().get(paper, {}).get(figure)
    if section is None:
        return []
    keys = (figure,) if section.parts() else section.reads
    return [table_path(config.preset, paper, key) for key in keys]


def prepare(config: Config, target: str, settings: list[str]) -> list[str]:
    """Set aside what is damaged or was copied and does not fit, and return words for Snakemake.

    The words name what was damaged as targets, because Snakemake would miss a part only when its
    table is made again, what was made from other inputs, whatever the dates say, and the tables of a
    figure, which it would not miss beside the drawing.

    Args:
        target: a figure's key, or "all".
        settings: the options that give Snakemake this configuration.

    Raises:
        UserError: something stands in the way that only the user can move.
    """
    folder = results_folder(config.preset)
    if is_at_work(config.preset):
        # It may be writing. Snakemake refuses to start beside it.
        return []
    _bring_to_present(Path("workflow"), Path(folder), Path(DATA_FOLDER), RECORDED)
    files = files_of(config, target)
    judged = judge(files)
    at_work = named_by_jobs(Path.cwd())
    damaged = {path: why for path, why in judged.damaged.items() if path not in at_work}
    copied = judged.foreign - at_work
    aside = _put_aside(damaged, "damaged", config.preset)
    gone = _put_aside(
        {p: why for p, why in judged.unfit.items() if p in copied}, "unfit", config.preset
    )
    if gone:
        print(f"deepinit: to delete what was set aside: find {folder} -name '*.unfit*' -delete")
    _take_over(config.preset, judged, copied, settings, files)
    words = [*tables_of(config, target), *(path for path in aside if files[path] is not None)]
    forced = sorted(judged.unfit.keys() - gone)
    return [*words, "--forcerun", *forced] if forced else words


def _put_aside(files: Mapping[str, str], why: str, preset: str) -> list[str]:
    """Rename files, path ↦ what is wrong, and print which; return those that were there.

    Raises:
        UserError: a file is a link into a cache, from which Snakemake would take it again, or cannot
            be renamed, or a run has started meanwhile.
    """
    done: list[str] = []
    stuck = []
    groups: dict[tuple[str, str], list[str]] = {}
    for path, reason in files.items():
        refuse_if_at_work(preset)
        try:
            if Path(path).is_symlink():
                cached = Path(path).resolve()
                stuck.append(f"{path} is {why} ({reason}) and links to a cache: delete {cached}")
                continue
            set_aside(Path(path), why)
        except FileNotFoundError:
            continue
        except OSError as error:
            stuck.append(f"{path} is {why} ({reason}) and cannot be renamed ({error}): delete it")
            continue
        done.append(path)
        parent = path if why == "damaged" else str(Path(path).parent)
        groups.setdefault((parent, reason), []).append(path)
    for (parent, reason), paths in groups.items():
        what = paths[0] if len(paths) == 1 else f"{len(paths)} files in {parent}"
        print(f"deepinit: {what}: {why} ({reason}); set aside as ….{why}")
    if stuck:
        raise UserError("\ndeepinit: ".join(stuck))
    return done


def _take_over(
    preset: str,
    judged: Judgement,
    copied: Iterable[str],
    settings: list[str],
    files: Mapping[str, Expected | None],
) -> None:
    """Let Snakemake record results that fit and that it does not know as made by their jobs of today.

    Raises:
        UserError: it could not.
    """
    fit = sorted(judged.fit & set(copied))
    if not fit:
        return
    before = {path: read_record(path) for path in fit}
    # Each of the files was judged; what a user touches is refused (rules/common.smk).
    words = ["--touch", "--force", "--cores", "1", *fit, *settings]
    done = quiet_snakemake(*words, DEEPINIT_JUDGED="1")
    if "LockException" in done.stdout:
        raise UserError(explain_lock(preset))
    if done.returncode:
        raise UserError(f"Snakemake could not take the results over:\n{done.stdout[-2000:]}")
    for path, record in before.items():
        if read_record(path) in (record, record | {"checkout": checkout()}):
            # A part that had none gets one, so that it has a checksum from now on.
            made = files[path]
            own = {"outputs": {path: sha256(Path(path))}, "spec": made.spec, "code": made.code}
            text = json.dumps((record or own) | {"checkout": checkout()}, indent=1)
            write_text(record_of(path), f"{text}\n")
    print(f"deepinit: {len(fit)} results that were not made here fit this checkout: taken over")


def _bring_to_present(*folders: Path) -> None:
    """Give files that are dated in the future the present date.

    Snakemake takes what a job has just made from such a file for a mistake, since it is older, and
    deletes it. What a file holds decides whether anything is made again, not its date.

    Raises:
        UserError: the date of such a file may not be changed.
    """
    now = time.time()
    for path in (path for folder in folders for path in folder.rglob("*")):
        # A link into a cache may point to nothing.
        if path.is_file() and path.stat().st_mtime > now + _SPARE:
            try:
                os.utime(path)
            except OSError as error:
                raise UserError(f"{path} is dated in the future ({error}): 'touch' it") from None
