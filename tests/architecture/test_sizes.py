"""Functions fit a screen and files can be read in one go."""

import ast
from collections.abc import Iterator
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
PACKAGES = ("portal", *sorted(path.name for path in ROOT.glob("portal_*") if path.is_dir()))
LINES_OF_A_FUNCTION = 40
LINES_OF_A_FILE = 400
VAGUE = {"utils", "common", "helpers", "base", "manager", "misc"}


def sources() -> list[Path]:
    return [path for package in PACKAGES for path in sorted((ROOT / package).rglob("*.py"))]


def length_without_docstring(function: ast.FunctionDef | ast.AsyncFunctionDef) -> int:
    body = function.body
    start = function.lineno
    if ast.get_docstring(function) is not None and len(body) > 1:
        return (function.end_lineno or start) - body[1].lineno + 1 + body[0].lineno - start
    return (function.end_lineno or start) - start + 1


def functions(path: Path) -> Iterator[ast.FunctionDef | ast.AsyncFunctionDef]:
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef):
            yield node


@pytest.mark.parametrize("path", sources(), ids=lambda path: str(path.relative_to(ROOT)))
def test_it_can_be_read_without_getting_lost(path: Path) -> None:
    long = [
        f"{function.name} has {length_without_docstring(function)} lines"
        for function in functions(path)
        if length_without_docstring(function) > LINES_OF_A_FUNCTION
    ]

    assert long == []
    assert len(path.read_text(encoding="utf-8").splitlines()) <= LINES_OF_A_FILE


def test_every_module_says_in_its_name_what_it_is_about() -> None:
    vague = [path for path in sources() if path.stem in VAGUE]

    assert vague == []
