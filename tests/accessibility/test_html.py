"""html-validate finds nothing: built pages, and pages that the service answers with."""

import json
import subprocess
import sys
import tempfile
from pathlib import Path

import httpx
import pytest

from tests.accessibility.site_pages import INNER
from tests.portal_api.factories import CODE
from tests.portal_api.running import Running

FOLDER = Path(__file__).parent
NODE = Path(sys.executable).parent / "node"
MEETING = "sample-online-december"


def complaints(files: list[Path]) -> list[str]:
    """Return every complaint about files, with its place."""
    command: list[str | Path] = [
        NODE,
        "node_modules/.bin/html-validate",
        "--config",
        "htmlvalidate.json",
    ]
    # Into a file: the program ends before a pipe has taken more than 64 KiB.
    with tempfile.TemporaryFile() as told:
        done = subprocess.run(
            [*command, "--formatter", "json", *files],
            cwd=FOLDER, stdout=told, stderr=subprocess.PIPE, check=False,
        )  # fmt: skip
        told.seek(0)
        report = told.read()
    assert done.returncode in (0, 1), done.stderr.decode()
    return [
        f"{judged['filePath']}:{one['line']} {one['ruleId']}: {one['message']}"
        for judged in json.loads(report)
        for one in judged["messages"]
    ]


def test_every_built_page_is_valid(built_site: Path) -> None:
    pages = [path for path in sorted(built_site.rglob("*.html")) if path.name not in INNER]

    assert complaints(pages) == []


@pytest.mark.parametrize("lang", ["ar", "en"])
def test_the_pages_that_the_service_answers_with_are_valid(
    served_site: Running, tmp_path: Path, lang: str
) -> None:
    form = {"form": "search-request", "version": "1", "lang": lang, "person_name": "x"}
    code = {"lang": (None, lang), "code": (None, CODE)}
    with httpx.Client(base_url=served_site.url) as client:
        answers = {
            "problems": client.post("/form", files={n: (None, v) for n, v in form.items()}),
            "results": client.get(f"/{lang}/find/", params={"q": "prison سجن"}),
            "nothing": client.get(f"/{lang}/find/", params={"q": "zzzzqqqq"}),
            "mailbox": client.post("/mailbox", files={"lang": (None, lang), "code": (None, "1")}),
            "messages": client.post("/mailbox", files=code),
            "seat": client.post("/mailbox/seat", files=code | {"meeting": (None, MEETING)}),
            "missing": client.get(f"/{lang}/nothing/"),
        }
    files = []
    for name, answer in answers.items():
        assert answer.headers["content-type"].startswith("text/html"), name
        files.append(tmp_path / f"{name}.html")
        files[-1].write_text(answer.text, encoding="utf-8")

    assert complaints(files) == []
