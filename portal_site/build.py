"""Building the site: stage, one MkDocs run a language, finish."""

import os
import shutil
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from pathlib import Path

from portal_content.checks import misleading
from portal_content.errors import ContentError, Problem
from portal_content.library import load_library
from portal_site.assets import URL_PREFIX, build_assets
from portal_site.licences import write_licences
from portal_site.settings import SiteSettings
from portal_site.sitemap import write_robots, write_sitemap
from portal_site.stage import NOT_FOUND, SHELL, stage_language, stage_root
from portal_site.values import STYLE_MARK, Site, load_styles

FORM_MARK = 'data-style="form"'
"""How a finished page says that it needs the form's style too."""


@dataclass(frozen=True)
class BuildReport:
    """What a build made."""

    pages: int
    languages: int
    seconds: float

    def __str__(self) -> str:
        return f"{self.pages} pages in {self.languages} languages, {self.seconds:.1f} seconds"


def build_site(settings: SiteSettings) -> BuildReport:
    """Build the whole site; the old one stays until the new one is complete.

    Raises:
        ContentError: If the content cannot be used, or misleads readers.
    """
    start = time.monotonic()
    library = load_library(settings.root)
    _refuse_misleading(misleading(library, production=settings.environment == "production"))
    with tempfile.TemporaryDirectory(prefix="portal-site-") as temporary:
        stage, output = Path(temporary) / "stage", Path(temporary) / "site"
        assets = build_assets(settings, output / URL_PREFIX.strip("/"))
        site = Site(settings, library, assets, load_styles(settings.root))
        trees = [stage_root(site, stage / "root", Path(temporary) / "root")]
        trees += [
            stage_language(site, lang, stage / lang, output / lang) for lang in library.languages
        ]
        with ThreadPoolExecutor(max_workers=os.cpu_count() or 1) as pool:
            list(pool.map(_run_mkdocs, trees))
        shutil.copy(Path(temporary) / "root" / "index.html", output / "index.html")
        _finish(site, output)
        pages = sum(1 for _ in output.rglob("*.html"))
        _replace(settings.site_directory, output)
    return BuildReport(pages, len(library.languages), time.monotonic() - start)


def _refuse_misleading(problems: Sequence[Problem]) -> None:
    if problems:
        listed = "\n".join(str(problem) for problem in problems)
        raise ContentError(Path("content"), f"{len(problems)} problems:\n{listed}")


def _run_mkdocs(configuration: Path) -> None:
    command = [sys.executable, "-m", "mkdocs", "build", "--quiet", "--strict"]
    done = subprocess.run(  # noqa: S603 - our own interpreter and configuration
        [*command, "--config-file", str(configuration)],
        capture_output=True,
        text=True,
        check=False,
        env=os.environ | {"NO_MKDOCS_2_WARNING": "1"},
    )
    if done.returncode != 0:
        raise ContentError(configuration, f"MkDocs failed:\n{done.stdout}{done.stderr}")


def _finish(site: Site, output: Path) -> None:
    for lang in site.library.languages:
        _flatten(output / lang, SHELL, "shell.html")
        _flatten(output / lang, NOT_FOUND, "404.html")
    first = next(iter(site.library.languages))
    shutil.copy(output / first / "404.html", output / "404.html")
    for page in _pages(output):
        text = page.read_text(encoding="utf-8")
        style = site.styles.of(form=FORM_MARK in text)
        page.write_text(text.replace(STYLE_MARK, style), encoding="utf-8")
    shutil.copy(site.library.root / "theme" / "icons" / "favicon.svg", output / "favicon.svg")
    write_licences(site.library.root / "theme", output / URL_PREFIX.strip("/"))
    write_sitemap(site, output)
    write_robots(site, output)


def _pages(output: Path) -> Iterator[Path]:
    yield from sorted(output.rglob("*.html"))


def _flatten(folder: Path, name: str, wanted: str) -> None:
    (folder / name / "index.html").replace(folder / wanted)
    (folder / name).rmdir()


def _replace(target: Path, built: Path) -> None:
    """Put the new site in the place of the old one; dot files stay, as with MkDocs itself."""
    target.mkdir(parents=True, exist_ok=True)
    for old in target.iterdir():
        if old.name.startswith("."):
            continue
        if old.is_dir():
            shutil.rmtree(old)
        else:
            old.unlink()
    shutil.copytree(built, target, dirs_exist_ok=True)
