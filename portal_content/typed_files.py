"""Reading YAML files into typed values, with errors that name the file and the line."""

from pathlib import Path
from typing import TypeVar

import yaml
from pydantic import TypeAdapter, ValidationError

from portal_content.errors import ContentError
from portal_content.validation import complaint, line_of, line_of_syntax, load_yaml

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
    text = path.read_text(encoding="utf-8")
    try:
        return adapter.validate_python(load_yaml(text))
    except yaml.YAMLError as error:
        line = line_of_syntax(error)
        raise ContentError(path, f"this is not YAML: {error}", line=line) from error
    except ValidationError as error:
        message = f"this does not hold {meant}: {complaint(error)}"
        raise ContentError(path, message, line=line_of(text, error)) from error
