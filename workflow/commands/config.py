"""Write the laptop preset from the typed model, and a JSON schema with which editors complete its keys.

python workflow/cli.py config   # the schema is not kept in git
"""

import argparse
import json
import textwrap
from typing import Any

import yaml
from pydantic import BaseModel

from study.code_hash import WORKFLOW
from study.config import Config
from study.settings import FigureSection

LAPTOP = WORKFLOW / "config" / "laptop.yaml"
SCHEMA = WORKFLOW / "config" / "schema.json"
_HEAD = """\
# The default preset: figures at initialisation at the papers' own resolution, training reduced to
# what two cores do in minutes. Every key there is, with its meaning and its source:
#   published: read in the paper    code: the authors' released code
#   recalled: not confirmed         chosen: by this project, because the paper does not say
# Written by `make config`; the defaults are in workflow/study/config.py and, of figures, in
# workflow/papers/<paper>/<figure>/settings.py.
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


def laptop() -> str:
    """Return the text of the laptop preset."""
    return _HEAD + "\n".join(_lines(Config(), 0)) + "\n"


def main() -> None:
    """Write both files."""
    argparse.ArgumentParser(description=__doc__.splitlines()[0]).parse_args()
    schema = json.dumps(Config.model_json_schema(), indent=2, ensure_ascii=False)
    for path, text in ((LAPTOP, laptop()), (SCHEMA, schema + "\n")):
        path.write_text(text, encoding="utf-8")
        print(f"wrote {path.relative_to(WORKFLOW.parent)}")
