"""The commands of this project: `python workflow/cli.py COMMAND`, with --help for what one takes.

Those behind the targets of `make`: build, list, plan, provenance, check, config, api, protocol,
benchmark, probe (a network of your own). Beside them: overview (the picture of the README),
record-costs, record (keeps tables of the papers' scale).
"""

import importlib
import sys
from pathlib import Path

from study.errors import UserError

COMMANDS = ("build", "list", "plan", "provenance", "check", "config", "api", "protocol")
COMMANDS += ("benchmark", "probe", "overview", "record-costs", "record")
#: Those whose module has another name.
_MODULES = {"list": "menu", "record-costs": "record_costs"}
#: Those that need no file of the project's folder, or know where it is.
_ANYWHERE = ("list", "provenance", "config", "api", "benchmark", "probe")


def main() -> int:
    """Run the command that is named and return its exit status."""
    name = sys.argv.pop(1) if sys.argv[1:] else ""
    if name in ("-h", "--help"):
        print(__doc__)
        return 0
    if name not in COMMANDS:
        unknown = f"\ncli.py: there is no command '{name}'" if name else ""
        print(f"{__doc__}{unknown}", file=sys.stderr)
        return 2
    sys.argv[0] = f"cli.py {name}"
    # Imported only now: each takes its own time, and some set variables before numpy is imported.
    command = importlib.import_module(f"commands.{_MODULES.get(name, name)}")
    try:
        if name not in _ANYWHERE and not {"-h", "--help"} & set(sys.argv):
            from pipeline.checks import check_folder

            check_folder(Path(__file__).resolve().parents[1])
        return command.main() or 0
    except UserError as error:
        print(f"deepinit: {error}", file=sys.stderr)
        return 1


if __name__ == "__main__":
    sys.exit(main())
