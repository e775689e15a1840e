"""Files of the protected zone are whole or not there at all."""

from pathlib import Path

import pytest

from portal_gateway.protected_files import ProtectedFiles

SUBMISSION = "ab" * 32


def test_an_attempt_that_fails_leaves_no_half_of_a_file_behind(tmp_path: Path) -> None:
    files = ProtectedFiles(tmp_path / "opened")
    folder = tmp_path / "opened" / SUBMISSION
    (folder / "1").mkdir(parents=True)

    with pytest.raises(OSError, match="directory"):
        files.put(SUBMISSION, "1", b"what a family sent")

    assert [path.name for path in folder.iterdir()] == ["1"]
