"""Reading YAML; what pydantic and PyYAML find wrong in it, said to the person who can mend it."""

from collections.abc import Sequence
from typing import Any

import yaml
from pydantic import ValidationError

_ADVICE = {
    "missing": "is missing; add it",
    "extra_forbidden": "is not known here; mend its spelling or take it out",
    "too_short": "is empty; it needs at least one entry",
}
"""By pydantic's name of the mistake; others are said in pydantic's own words."""


MOST = 5
"""Mistakes that are listed at once; a list of hundreds helps nobody."""

_LOADER: Any = getattr(yaml, "CSafeLoader", yaml.SafeLoader)
"""The same loader in C where PyYAML was built with it: five times faster."""


def load_yaml(text: str) -> Any:
    """Return what a YAML text holds; plain values only.

    Raises:
        yaml.YAMLError: If it is no YAML.
    """
    return yaml.load(text, Loader=_LOADER)  # noqa: S506 (both loaders make plain values only)


def complaint(error: ValidationError) -> str:
    """Return one line a mistake: where in the file, and what to do.

    Args:
        error: What the model did not accept.
    """
    lines = []
    for mistake in error.errors()[:MOST]:
        where = ".".join(str(part) for part in mistake["loc"]) or "the file"
        advice = _ADVICE.get(mistake["type"], f"cannot be so: {mistake['msg']}")
        lines.append(f"{where} {advice}")
    more = error.error_count() - len(lines)
    return "; ".join(lines) + (f"; and {more} more" if more else "")


def line_of(text: str, error: ValidationError) -> int:
    """Return the line of a YAML text, from 1, that the first mistake is on.

    Args:
        text: The YAML text that was read.
        error: What the model did not accept.
    """
    return _line(yaml.compose(text, Loader=yaml.SafeLoader), error.errors()[0]["loc"])


def line_of_syntax(error: yaml.YAMLError) -> int:
    """Return the line, from 1, on which a text stops being YAML; 0 if the reader does not say."""
    mark = getattr(error, "problem_mark", None)
    return 0 if mark is None else int(mark.line) + 1


def _line(node: Any, location: Sequence[int | str]) -> int:
    """Follow a location into a tree of YAML nodes as far as the file goes."""
    if node is None:
        return 1
    line = int(node.start_mark.line) + 1
    for part in location:
        if isinstance(node, yaml.MappingNode):
            found = next(((key, value) for key, value in node.value if key.value == part), None)
            if found is None:
                break
            key, node = found
            line = int(key.start_mark.line) + 1
        elif isinstance(node, yaml.SequenceNode) and isinstance(part, int):
            node = node.value[part]
            line = int(node.start_mark.line) + 1
    return line
