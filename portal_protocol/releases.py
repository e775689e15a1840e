"""Releases: which files are ours, by their hashes, signed by the roots.

Source: docs/protocol.md.
"""

import hashlib
import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date

from portal_protocol.errors import ReleaseInvalid
from portal_protocol.notes import VerifyKey, open_note

HEAD = "imp-portal/v1/release"
THRESHOLD = 2
"""Roots that must have signed."""
MOST_FILES = 1000
_DEPLOYMENT = re.compile(r"deployment ([a-z0-9-]{1,40})")
_ISSUED = re.compile(r"issued ([0-9]{4}-[0-9]{2}-[0-9]{2})")
_FILE = re.compile(r"file ([0-9a-f]{64}) ([1-9][0-9]{0,9}) ([a-z0-9][a-z0-9.-]{0,99})")
_FIXED_LINES = 3


@dataclass(frozen=True, order=True)
class ReleasedFile:
    """A file of a release."""

    name: str
    sha256: str
    size: int


@dataclass(frozen=True)
class Release:
    """Every file that somebody may be handed in our name."""

    deployment: str
    issued: date
    files: tuple[ReleasedFile, ...]
    """In the order of their names."""

    def to_text(self) -> str:
        """Return the text that the roots sign."""
        lines = [HEAD, f"deployment {self.deployment}", f"issued {self.issued.isoformat()}"]
        lines += [f"file {file.sha256} {file.size} {file.name}" for file in self.files]
        return "".join(line + "\n" for line in lines)

    def find(self, content: bytes) -> ReleasedFile | None:
        """Return the file that has this content, or none; names do not count, people rename."""
        digest = hashlib.sha256(content).hexdigest()
        fitting = (file for file in self.files if file.sha256 == digest)
        return next((file for file in fitting if file.size == len(content)), None)


def make_release(deployment: str, issued: date, files: Iterable[tuple[str, bytes]]) -> Release:
    """Return the release of some files, by name and content.

    Raises:
        ReleaseInvalid: If there are none, or a name cannot stand in it.
    """
    named = [
        ReleasedFile(name, hashlib.sha256(content).hexdigest(), len(content))
        for name, content in files
    ]
    return parse_release(Release(deployment, issued, tuple(sorted(named))).to_text())


def parse_release(text: str) -> Release:
    """Read the text of a release; there is one way to write each.

    Raises:
        ReleaseInvalid: If it is none.
    """
    lines = text.split("\n")
    if len(lines) <= _FIXED_LINES + 1 or lines[0] != HEAD or lines[-1]:
        raise ReleaseInvalid("lines")
    deployment, issued = _DEPLOYMENT.fullmatch(lines[1]), _ISSUED.fullmatch(lines[2])
    found = [_FILE.fullmatch(line) for line in lines[_FIXED_LINES:-1]]
    if deployment is None or issued is None or len(found) > MOST_FILES:
        raise ReleaseInvalid("head or number of files")
    files = tuple(ReleasedFile(one[3], one[1], int(one[2])) for one in found if one)
    names = [file.name for file in files]
    if len(files) != len(found) or names != sorted(set(names)):
        raise ReleaseInvalid("files")
    try:
        return Release(deployment[1], date.fromisoformat(issued[1]), files)
    except ValueError as error:
        raise ReleaseInvalid("date") from error


def open_release(
    note: str, roots: Sequence[VerifyKey], *, deployment: str, threshold: int = THRESHOLD
) -> Release:
    """Read a release that enough roots have signed.

    Raises:
        NoteError: If too few roots have signed, or one signature fails.
        ReleaseInvalid: If it is no release, or one of another deployment.
    """
    release = parse_release(open_note(note, roots, threshold=threshold))
    if release.deployment != deployment:
        raise ReleaseInvalid("another deployment")
    return release
