"""Building the site."""

from rich.console import Console

from portal.settings import DataFolders, PortalSettings, site_settings
from portal_site.build import BuildReport, build_site


def build(settings: PortalSettings, console: Console) -> BuildReport:
    """Build what has changed since the last time, and remember how.

    Raises:
        ContentError: If the content cannot be used, or misleads readers.
    """
    folders = DataFolders(settings.data)
    chosen = site_settings(settings)
    settings.data.mkdir(parents=True, exist_ok=True)
    # A plain `mkdocs build` reads this, so that it gives the same site.
    lasting = chosen.model_dump_json(indent=2, exclude={"today", "cache_directory"})
    folders.site_settings.write_text(lasting + "\n", encoding="utf-8")
    with console.status("Building the site in all languages …"):
        report = build_site(chosen)
    console.print(f"  site built: {report}")
    return report
