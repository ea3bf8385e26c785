"""YAML in which a key that stands twice in one section is a mistake."""

from pathlib import Path
from typing import Any

import yaml

from study.errors import UserError


class _EachKeyOnce(yaml.SafeLoader):
    """Refuses a key that stands twice in one section; of its values YAML would keep the last."""

    def compose_mapping_node(self, anchor: str | None) -> yaml.MappingNode:
        node, first = super().compose_mapping_node(anchor), {}
        for key in (key for key, _ in node.value if isinstance(key, yaml.ScalarNode)):
            before = first.setdefault(key.value, key)
            if before is not key:
                lines = [mark.line + 1 for mark in (before.start_mark, key.start_mark)]
                raise UserError(
                    f"{self.name}: '{key.value}' appears twice in one section (lines {lines[0]} and "
                    f"{lines[1]}): merge the two"
                )
        return node


def read_yaml(path: Path) -> Any:
    """Return the content of a YAML file.

    Raises:
        UserError: it cannot be read, or a key stands twice in one section; file and line are named.
    """
    try:
        with path.open(encoding="utf-8") as stream:
            return yaml.load(stream, _EachKeyOnce)
    except (OSError, UnicodeDecodeError, yaml.YAMLError) as error:
        raise UserError(f"{path} cannot be read: {error}") from None
