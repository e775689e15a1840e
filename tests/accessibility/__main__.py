"""`make audit`: judge every page with every tool, and write what was found for /accessibility/."""

import asyncio
import json
import sys
import tempfile
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import yaml

from portal_content.measurements import FILE
from portal_site.build import build_site
from portal_site.settings import PROJECT, SiteSettings
from tests.accessibility.axe import judge_all
from tests.accessibility.site_pages import addresses
from tests.accessibility.test_html import FOLDER, complaints
from tests.accessibility.test_lighthouse import SAMPLE, TYPES, lost_marks
from tests.portal_api.factories import Office
from tests.portal_api.running import running

TOOLS = {"axe": "axe-core", "html": "html-validate", "lighthouse": "lighthouse"}
HEAD = "# What programs found on the built pages. Written by `make audit`; never by hand.\n"


def main() -> int:
    """Judge, print what was found, and keep the figures."""
    with tempfile.TemporaryDirectory() as temporary:
        folder = Path(temporary)
        found = _judge(folder)
    for complaint in (one for pages, ones in found.values() for one in ones):
        print(complaint)  # noqa: T201 - this is a program for a terminal
    checks = [
        {"check": name, "tool": _tool(name), "pages": pages, "found": len(ones)}
        for name, (pages, ones) in found.items()
    ]
    document: dict[str, Any] = {"as_of": datetime.now(UTC).date(), "checks": checks}
    text = HEAD + yaml.safe_dump(document, sort_keys=False, allow_unicode=True)
    (PROJECT / FILE).write_text(text, encoding="utf-8")
    print(text)  # noqa: T201 - as above
    return sum(len(ones) for _, ones in found.values())


def _judge(folder: Path) -> dict[str, tuple[int, list[str]]]:
    """Return pages and complaints by tool."""
    site, service = folder / "site", folder / "service"
    service.mkdir()
    build_site(SiteSettings(root=PROJECT, site_directory=site))
    pages = addresses(site)
    files = [path for path in sorted(site.rglob("*.html")) if path.name != "shell.html"]
    settings = Office().settings(
        service, database_url=f"sqlite:///{service / 'portal.sqlite'}", site=site
    )
    with running(settings, service) as server:
        axe = asyncio.run(judge_all(server.url, pages))
        marks = []
        for kind, lang in SAMPLE:
            lost = lost_marks(f"{server.url}/{lang}/{TYPES[kind]}", folder / "report.json")
            marks += [f"{kind} {lang} {category}: {audits}" for category, audits in lost.items()]
    return {
        "axe": (len(pages), axe),
        "html": (len(files), complaints(files)),
        "lighthouse": (len(SAMPLE), marks),
    }


def _tool(name: str) -> str:
    package = FOLDER / "node_modules" / TOOLS[name] / "package.json"
    return f"{TOOLS[name]} {json.loads(package.read_text(encoding='utf-8'))['version']}"


if __name__ == "__main__":
    sys.exit(min(1, main()))
