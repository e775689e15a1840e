"""The command: what an editor sees at a terminal."""

import os
import re
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
FOLDERS = (
    *("portal", "portal_api", "portal_content", "portal_gateway", "portal_protocol"),
    *("portal_site", "content", "translations"),
)


@pytest.fixture(scope="module")
def project(tmp_path_factory: pytest.TempPathFactory) -> Path:
    project = tmp_path_factory.mktemp("command")
    for name in FOLDERS:
        left_out = shutil.ignore_patterns("__pycache__")
        shutil.copytree(ROOT / name, project / name, ignore=left_out)
    return project


def run(project: Path, *arguments: str) -> subprocess.CompletedProcess[str]:
    environment = {k: v for k, v in os.environ.items() if not k.startswith("PORTAL_")}
    return subprocess.run(
        [sys.executable, "-m", "portal", *arguments],
        cwd=project,
        env=environment | {"PYTHONPATH": str(project), "COLUMNS": "200"},
        capture_output=True,
        text=True,
        check=False,
    )


def test_the_state_of_every_page_in_every_language_is_one_table(project: Path) -> None:
    result = run(project, "content", "status")

    assert result.returncode == 0
    rows = [line for line in result.stdout.splitlines() if re.match(r"│ P\d\d ", line)]
    assert [row[2:5] for row in rows] == [f"P{number:02}" for number in range(1, 37)]
    assert re.search(r"draft +│ +\d+ % ", result.stdout)


def test_what_fell_behind_is_seen_and_recorded(project: Path) -> None:
    page = project / "content" / "institution" / "about.ar.md"
    text = page.read_text(encoding="utf-8")
    page.write_text(re.sub(r"(\{#funding\}\n\n)", r"\1كلمات ", text), encoding="utf-8")

    assert "behind" in run(project, "content", "status").stdout
    assert "about de: recorded" in run(project, "content", "record", "about", "de").stdout
    assert run(project, "content", "record", "about", "xx").returncode == 1
    assert "about en: recorded" in run(project, "content", "record").stdout
    assert "behind" not in run(project, "content", "status").stdout


def test_a_mistake_in_a_file_is_one_sentence_with_its_line_and_no_traceback(
    project: Path,
) -> None:
    page = project / "content" / "institution" / "contact.en.md"
    text = page.read_text(encoding="utf-8")
    page.write_text(text.replace("as_of:", "as_off:"), encoding="utf-8")

    result = run(project, "content", "check")

    page.write_text(text, encoding="utf-8")
    assert result.returncode == 1
    assert "contact.en.md:" in result.stderr
    assert "as_of is missing; add it" in result.stderr
    assert "Traceback" not in result.stderr
