"""Write the laptop preset and the JSON schema anew from the typed model.

python workflow/write_config.py          # write both
python workflow/write_config.py --check  # only tell whether they are up to date
"""

import difflib
import json
import sys
import textwrap
from pathlib import Path
from typing import Any

import yaml
from pydantic import BaseModel

from pipeline.config import Config
from study.code_hash import WORKFLOW
from study.settings import FigureSection

LAPTOP = WORKFLOW / "config" / "laptop.yaml"
SCHEMA = WORKFLOW / "config" / "schema.json"
_HEAD = """\
# The default preset: figures at initialisation at the papers' own resolution, training reduced to
# what two cores do in minutes. Every key there is, with its meaning and its source:
#   published: read in the paper    code: the authors' released code
#   recalled: not confirmed         chosen: by this project, because the paper does not say
# Written by `make config` from workflow/pipeline/config/; edit the defaults there.
"""


def _yaml(value: Any) -> str:
    text = yaml.safe_dump(value, default_flow_style=True, allow_unicode=True, width=1000).strip()
    return text.removesuffix("...").strip()


def _lines(model: BaseModel, indent: int) -> list[str]:
    pad = "  " * indent
    lines: list[str] = []
    for name, field in type(model).model_fields.items():
        value = getattr(model, name)
        if isinstance(value, FigureSection):
            lines.append(f"{pad}# {value.shows}")
        elif field.description:
            lines += textwrap.wrap(field.description, 96 - len(pad), initial_indent=f"{pad}# ",
                                   subsequent_indent=f"{pad}# ")  # fmt: skip
        if isinstance(value, FigureSection) and not type(value).model_fields:
            lines.append(f"{pad}{name}: {{}}")
        elif isinstance(value, BaseModel) and not field.description:
            lines += [f"{pad}{name}:", *_lines(value, indent + 1)]
        elif isinstance(value, list) and value and isinstance(value[0], BaseModel):
            lines.append(f"{pad}{name}:")
            lines += [f"{pad}  - {_yaml(item.model_dump())}" for item in value]
        else:
            plain = value.model_dump() if isinstance(value, BaseModel) else value
            lines.append(f"{pad}{name}: {_yaml(plain)}")
    return lines


def generated() -> dict[Path, str]:
    """Return path ↦ text of the generated files."""
    schema = json.dumps(Config.model_json_schema(), indent=2, ensure_ascii=False)
    return {LAPTOP: _HEAD + "\n".join(_lines(Config(), 0)) + "\n", SCHEMA: schema + "\n"}


def differences() -> str:
    """Return what differs between the files and the model, as a diff; empty if nothing does."""
    diff: list[str] = []
    for path, text in generated().items():
        old = path.read_text(encoding="utf-8") if path.exists() else ""
        diff += difflib.unified_diff(
            old.splitlines(),
            text.splitlines(),
            f"{path.name} (file)",
            f"{path.name} (model)",
            lineterm="",
        )
    return "\n".join(diff)


if __name__ == "__main__":
    if "--check" in sys.argv:
        sys.exit(differences() or 0)
    for path, text in generated().items():
        path.write_text(text, encoding="utf-8")
        print(f"wrote {path.relative_to(WORKFLOW.parent)}")
