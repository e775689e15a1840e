"""What the build of the site is told."""

from datetime import UTC, date, datetime
from pathlib import Path
from typing import Literal

from pydantic import BaseModel, ConfigDict, Field

PROJECT = Path(__file__).resolve().parents[1]


class SiteSettings(BaseModel):
    """Settings of one build; the same settings and sources give the same bytes."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    root: Path = PROJECT
    """Folder that holds content/, translations/ and theme/."""
    site_directory: Path = PROJECT / "site"
    """Where the site is written; everything in it but dot files is replaced."""
    cache_directory: Path | None = None
    """Where to remember what was built, so that a small change is built quickly; none: all anew."""
    environment: Literal["demonstration", "production"] = "demonstration"
    base_url: str = "http://127.0.0.1:8400"
    """Address of the site in public, without a slash at the end."""
    api_url: str = ""
    """Address of the public service for browsers; empty if it has the site's own address."""
    deployment: str = "iimp-demo"
    roots: tuple[str, ...] = ()
    """Public keys of the three roots, pinned in the scripts."""
    today: date = Field(default_factory=lambda: datetime.now(UTC).date())
    """The day of the build: what lies before it is past, what was to be reviewed by then is due."""
    packed: bool = True
    """Whether texts are packed; whoever only looks at the site while writing does without."""
    sheets: bool = True
    """Whether to make the PDFs to print."""
    downloads: bool = False
    """Whether to make the files to take along: the pages in one file, forms in files."""
    key_list: Path | None = None
    """File with the signed key list; forms in files carry it."""
    release: Path | None = None
    """File with the signed release; it is published if it names the files that were made."""
    hcaptcha_sitekey: str = ""
    """Public key of hCaptcha; empty: no page names it."""
    minimum_key_serial: int = 1
    """The oldest key list that the scripts accept."""


def saved_settings(root: Path) -> SiteSettings:
    """Return what the last `portal up` or `portal build` used, else the defaults.

    Args:
        root: Folder of the project.
    """
    saved = root / "var" / "site.json"
    if saved.exists():
        return SiteSettings.model_validate_json(saved.read_text(encoding="utf-8"))
    return SiteSettings(root=root, site_directory=root / "site")
