"""Whether the code that made a file is the code of this checkout."""

from dataclasses import dataclass

from origin.git import changed_files, is_here, split_commit
from origin.made_from import MadeFrom, script_is_here
from pipeline.expected import GATHER_SCRIPT, part_script
from study.code_hash import code_hash, import_closure
from study.config import Config


@dataclass(frozen=True)
class CodeComparison:
    """One script's code, as it was and as it is here.

    Attributes:
        what: what the script does, in words.
        recorded: the code hashes in the file.
        here: that of this checkout; None if it does not have the script.
        files: files that have changed since, where git can tell; comments count here.
    """

    what: str
    recorded: list[str]
    here: str | None
    files: list[str]

    @property
    def same(self) -> bool:
        """Whether all was made by the code that is here."""
        return self.recorded == [self.here]


def _compare(what: str, script: str, recorded: list[str], commits: list[str]) -> CodeComparison:
    if not script_is_here(script):
        return CodeComparison(what, recorded, None, [])
    here = code_hash("job.py", script)
    files: set[str] = set()
    if recorded != [here]:
        for commit, changed in map(split_commit, commits):
            if commit and not changed and is_here(commit):
                files.update(changed_files(commit, import_closure("job.py", script)))
    return CodeComparison(what, recorded, here, sorted(files))


def compare_code(origin: MadeFrom, config: Config) -> list[CodeComparison]:
    """Return a comparison for the script that wrote the file and for those behind its numbers."""
    own = origin.provenance
    what = {"figure": "the drawing", "table": "putting the table together"}.get(origin.kind)
    found = []
    if what:
        found.append(_compare(what, origin.script, [own["code"]], [own["commit"]]))
    sections = config.figures()[origin.paper]
    for figure, source in origin.sources.items():
        script = origin.script if origin.kind == "part" else ""
        if figure in sections and not script:
            script = part_script(origin.paper, figure)
        if script and script != GATHER_SCRIPT:
            name = f"the numbers of {figure}"
            found.append(_compare(name, script, source["code"], source["commit"]))
    return found
