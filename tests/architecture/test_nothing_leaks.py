"""Nothing of one machine, no secret and no download address is in the repository."""

import re
import subprocess
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
LOCK_FILES = ("requirements.lock", "theme/package-lock.json")
# Written in pieces, so that this file does not name what it forbids.
HOME_PATHS = re.compile(r"/(?:" + "|".join(("ro" + "ot", "ho" + "me", "Us" + "ers")) + r")/\w")
SECRETS = re.compile("|".join(("AGE-SECRET-KEY-" + "PQ-1[A-Z0-9]{20}", "PRIVATE" + r"\+KEY\+\S+")))


def tracked() -> list[Path]:
    listed = subprocess.run(
        ["git", "ls-files", "-z"], cwd=ROOT, capture_output=True, text=True, check=True
    )
    return [ROOT / name for name in listed.stdout.split("\0") if name]


def text_of(path: Path) -> str:
    try:
        return path.read_text(encoding="utf-8")
    except (UnicodeDecodeError, FileNotFoundError):
        return ""


def test_no_file_carries_a_path_of_one_machine() -> None:
    carrying = [str(path) for path in tracked() if HOME_PATHS.search(text_of(path))]

    assert carrying == []


def test_no_private_key_is_in_the_repository_but_those_of_the_published_vectors() -> None:
    carrying = {
        path.relative_to(ROOT).parts[0] for path in tracked() if SECRETS.search(text_of(path))
    }

    assert carrying <= {"tests", "docs"}


@pytest.mark.parametrize("name", LOCK_FILES)
def test_lock_files_hold_hashes_and_no_download_addresses(name: str) -> None:
    text = text_of(ROOT / name)

    assert "sha" in text
    assert not re.search(r"(?:\"resolved\"\s*:\s*\"|index-url|find-links|@\s*)https?://", text)


def test_what_the_build_writes_is_not_tracked() -> None:
    in_site = [path.name for path in tracked() if path.relative_to(ROOT).parts[0] == "site"]

    assert in_site == [".gitignore"]
