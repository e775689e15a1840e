"""Reading YAML files into typed values, with errors that name the file."""

from pathlib import Path
from typing import TypeVar

import yaml
from pydantic import TypeAdapter, ValidationError

from portal_content.errors import ContentError

Value = TypeVar("Value")


def read_typed(path: Path, adapter: TypeAdapter[Value], meant: str) -> Value:
    """Read a YAML file as a typed value.

    Args:
        path: The file.
        adapter: What it must hold.
        meant: What a person would call it, for the error.

    Raises:
        ContentError: If the file is no YAML, or holds something else.
    """
    try:
        return adapter.validate_python(yaml.safe_load(path.read_text(encoding="utf-8")))
    except (ValidationError, yaml.YAMLError) as error:
        raise ContentError(path, f"this does not hold {meant}: {error}") from error
