"""What is wrong with content/ or translations/, said to the person who can mend it."""

from dataclasses import dataclass
from pathlib import Path


class ContentError(Exception):
    """A file that cannot be used; the message names the file and what to do.

    Args:
        path: The file.
        message: What is wrong and what to do.
        line: Line of the mistake, from 1; 0 if the whole file is meant.
    """

    def __init__(self, path: Path, message: str, *, line: int = 0) -> None:
        place = f"{path}:{line}" if line else str(path)
        super().__init__(f"{place}: {message}")


@dataclass(frozen=True)
class Problem:
    """Something in the content that misleads or breaks a page."""

    path: Path
    line: int
    message: str

    def __str__(self) -> str:
        return f"{self.path}:{self.line}: {self.message}"
