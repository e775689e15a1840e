"""Building the site: every language in a process of its own, then what they share."""

import multiprocessing
import os
import shutil
import tempfile
import time
from collections.abc import Iterator, Sequence
from concurrent.futures import ProcessPoolExecutor
from contextlib import contextmanager
from dataclasses import dataclass
from multiprocessing import forkserver
from multiprocessing.context import ForkServerContext
from pathlib import Path

from portal_content.checks import misleading
from portal_content.errors import ContentError, Problem
from portal_content.library import load_library
from portal_site.assets import URL_PREFIX, build_assets
from portal_site.carry import files as carry
from portal_site.digests import digest_of
from portal_site.headless.files import write_exchange_schemas, write_schemas
from portal_site.language_build import LanguageReport, build_language
from portal_site.licences import write_licences
from portal_site.packing import BEST, QUICK, pack_site
from portal_site.settings import PROJECT, SiteSettings
from portal_site.sitemap import write_index, write_robots
from portal_site.stage import ROOT
from portal_site.values import Site, load_styles

_NOT_IN_PAGES = {"today", "site_directory", "cache_directory", "downloads", "key_list", "release"}
"""Settings that change no page that is rendered."""
FEW_PAGES = 100
"""Below this many, starting processes takes longer than the work."""


@dataclass(frozen=True)
class BuildReport:
    """What a build made."""

    pages: int
    rendered: int
    """How many of them had changed since the last build."""
    languages: int
    seconds: float

    def __str__(self) -> str:
        return (
            f"{self.pages} pages in {self.languages} languages, "
            f"{self.rendered} of them anew, {self.seconds:.1f} seconds"
        )


def build_site(settings: SiteSettings) -> BuildReport:
    """Build the whole site; the old one stays until the new one is complete.

    Raises:
        ContentError: If the content cannot be used, or misleads readers.
    """
    start = time.monotonic()
    context = _processes()
    if settings.cache_directory is None or not (settings.cache_directory / "made-by").exists():
        # There will be much to do: processes get ready while this one reads and checks.
        forkserver.ensure_running()
    library = load_library(settings.root)
    _refuse(misleading(library, production=settings.environment == "production"))
    with _workshop(settings) as workshop:
        output = workshop / "site"
        shutil.rmtree(output / URL_PREFIX.strip("/"), ignore_errors=True)
        assets = build_assets(settings, output / URL_PREFIX.strip("/"))
        site = Site(settings, library, assets, load_styles(settings.root))
        _forget_unless(site, workshop)
        reports = _build_languages(site, output, workshop, context)
        _write_common_files(site, output)
        carry.write_downloads(site, output)
        if settings.packed:
            pack_site(output, workshop, BEST if settings.environment == "production" else QUICK)
        _synchronise(output, settings.site_directory, keep=settings.cache_directory is not None)
    return BuildReport(
        pages=sum(report.pages for report in reports),
        rendered=sum(report.rendered for report in reports),
        languages=len(library.languages),
        seconds=time.monotonic() - start,
    )


def _refuse(problems: Sequence[Problem]) -> None:
    if problems:
        listed = "\n".join(str(problem) for problem in problems)
        raise ContentError(Path("content"), f"{len(problems)} problems:\n{listed}")


@contextmanager
def _workshop(settings: SiteSettings) -> Iterator[Path]:
    """Give the folder in which the site is put together: a lasting one or one for this time."""
    if settings.cache_directory is None:
        # Beside the site, so that files can be moved there instead of copied.
        beside = settings.site_directory.parent
        beside.mkdir(parents=True, exist_ok=True)
        with tempfile.TemporaryDirectory(prefix=".portal-site-", dir=beside) as temporary:
            yield Path(temporary)
    else:
        settings.cache_directory.mkdir(parents=True, exist_ok=True)
        yield settings.cache_directory


def _forget_unless(site: Site, workshop: Path) -> None:
    """Start anew if anything that every page depends on has changed."""
    stamp, root = workshop / "made-by", site.settings.root
    made_by = "\n".join(
        (
            digest_of(root / "theme", "templates/**/*.html"),
            digest_of(PROJECT / "portal_site", "**/*.py"),
            site.styles.digest(form=True),
            site.settings.model_dump_json(exclude=_NOT_IN_PAGES),
            *(
                digest_of(root / "translations", f"site.{lang}.yml")
                for lang in site.library.languages
            ),
        )
    )
    if not stamp.exists() or stamp.read_text(encoding="utf-8") != made_by:
        for path in workshop.glob("pages-*.json"):
            path.unlink()
        for path in (workshop / "site").glob("*"):
            if path.is_dir() and path.name != URL_PREFIX.strip("/"):
                shutil.rmtree(path)
        stamp.write_text(made_by, encoding="utf-8")


def _processes() -> ForkServerContext:
    context = multiprocessing.get_context("forkserver")
    context.set_forkserver_preload(["portal_site.language_build"])
    return context


def _build_languages(
    site: Site, output: Path, workshop: Path, context: ForkServerContext
) -> list[LanguageReport]:
    jobs = [
        (site, lang, output, workshop / f"pages-{lang}.json")
        for lang in (ROOT, *site.library.languages)
    ]
    known = all(memory.exists() for *_, memory in jobs)
    if known or len(site.library.pages) < FEW_PAGES:
        return [build_language(*job) for job in jobs]
    with ProcessPoolExecutor(os.cpu_count(), mp_context=context) as pool:
        return [work.result() for work in [pool.submit(build_language, *job) for job in jobs]]


def _write_common_files(site: Site, output: Path) -> None:
    shutil.copy(output / site.first_language / "404.html", output / "404.html")
    shutil.copy(site.settings.root / "theme" / "icons" / "favicon.svg", output / "favicon.svg")
    write_licences(site.settings.root / "theme", output / URL_PREFIX.strip("/"))
    write_schemas(site, output)
    write_exchange_schemas(site, output)
    write_index(site, output)
    write_robots(site, output)


def _synchronise(built: Path, target: Path, *, keep: bool) -> None:
    """Make the target what was built; dot files stay, as with MkDocs itself.

    Args:
        built: What was built.
        target: The site.
        keep: Whether what was built stays where it is, for the next build.
    """
    target.mkdir(parents=True, exist_ok=True)
    wanted = {path.relative_to(built): path for path in built.rglob("*") if path.is_file()}
    for path, source in wanted.items():
        _put(source, target / path, keep=keep)
    for old in sorted(target.rglob("*"), reverse=True):
        path = old.relative_to(target)
        if path.parts[0].startswith("."):
            continue
        if old.is_dir() and not old.is_symlink():
            if not any(old.iterdir()):
                old.rmdir()
        elif path not in wanted:
            old.unlink()


def _put(source: Path, target: Path, *, keep: bool) -> None:
    """Put a file in its place unless it is there already; nobody ever reads half a file."""
    target.parent.mkdir(parents=True, exist_ok=True)
    if not keep:
        source.replace(target)
        return
    if target.is_file():
        new, old = source.stat(), target.stat()
        if (new.st_size, new.st_mtime_ns) == (old.st_size, old.st_mtime_ns):
            return
    waiting = target.with_name(f".{target.name}.new")
    shutil.copy2(source, waiting)
    waiting.replace(target)
