"""Building the site."""

from datetime import UTC, datetime
from pathlib import Path

from rich.console import Console
from rich.markup import escape

from portal.commands.release import sign_for_demonstration
from portal.settings import DataFolders, PortalSettings, site_settings
from portal_content.library import load_library
from portal_site.build import BuildReport, build_site
from portal_site.carry.pages import DOWNLOAD, RELEASE
from portal_site.carry.reader import name_of


def build(settings: PortalSettings, console: Console, *, downloads: bool = False) -> BuildReport:
    """Build what has changed since the last time, and remember how.

    Args:
        settings: Of this installation.
        console: Where to say what happens.
        downloads: Whether to make the files to take along, too.

    Raises:
        ContentError: If the content cannot be used, or misleads readers.
    """
    folders = DataFolders(settings.data)
    chosen = site_settings(settings, downloads=downloads)
    settings.data.mkdir(parents=True, exist_ok=True)
    # A plain `mkdocs build` reads this, so that it gives the same site.
    lasting = chosen.model_dump_json(indent=2, exclude={"today", "cache_directory"})
    folders.site_settings.write_text(lasting + "\n", encoding="utf-8")
    with console.status("Building the site in all languages …"):
        report = build_site(chosen)
    console.print(f"  site built: {report}")
    if downloads:
        _tell_of_release(settings, console)
    return report


def build_single_file(settings: PortalSettings, lang: str, console: Console) -> bool:
    """Build the site with its files, and say where the pages of one language are in one file.

    Returns:
        False if there is no such language.
    """
    known = load_library(site_settings(settings).root).languages
    if lang not in known:
        console.print(f"There is no language {escape(lang)}: {', '.join(known)}.")
        return False
    build(settings, console, downloads=True)
    console.print(f"  {settings.site / DOWNLOAD / name_of(lang)}", soft_wrap=True)
    return True


def _tell_of_release(settings: PortalSettings, console: Console) -> None:
    published: Path = settings.site / DOWNLOAD / RELEASE
    if not published.is_file() and settings.environment == "demonstration":
        sign_for_demonstration(settings, today=datetime.now(UTC).date())
    if not published.is_file():
        console.print("  The files to take along are not signed yet: portal release make.")
