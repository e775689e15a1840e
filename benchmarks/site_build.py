"""Building 6 x 500 pages: ours against Material with mkdocs-static-i18n, on the same words."""

import os
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable
from pathlib import Path

from benchmarks.generated_site import LANGUAGES, write_ours, write_peer
from portal_site.build import build_site
from portal_site.settings import PROJECT, SiteSettings

PAGES = 500
"""In each language."""
FASTER = 5.0
"""Goal: so many times faster than the peer."""
SMALLER = 5.0
"""Goal: so many times smaller than the peer's output."""


def measure(pages: int = PAGES) -> dict[str, float]:
    """Build both sites once and ours again after one edit.

    Args:
        pages: How many in each language.

    Returns:
        Seconds, megabytes and ratios by name.
    """
    with tempfile.TemporaryDirectory(prefix="portal-bench-") as temporary:
        folder = Path(temporary)
        configuration = write_peer(folder / "peer", pages)
        write_ours(PROJECT, folder / "ours", pages)
        settings = SiteSettings(
            root=folder / "ours",
            site_directory=folder / "ours-site",
            base_url="https://portal.example.org",
            packed=False,  # The peer packs nothing either.
        )
        ours = _seconds(lambda: build_site(settings))
        peer = _seconds(lambda: build_peer(configuration, folder / "peer-site"))
        remembering = settings.model_copy(update={"cache_directory": folder / "ours-cache"})
        build_site(remembering)
        edited = folder / "ours" / "content" / "section-00" / "page-0000.en.md"
        edited.write_text(edited.read_text(encoding="utf-8") + "\nmore.\n", encoding="utf-8")
        again = _seconds(lambda: build_site(remembering))
        sizes = [_megabytes(folder / name) for name in ("ours-site", "peer-site")]
    return {
        "pages": float(pages * len(LANGUAGES)),
        "ours_seconds": ours,
        "ours_after_one_edit_seconds": again,
        "peer_seconds": peer,
        "times_faster": peer / ours,
        "ours_megabytes": sizes[0],
        "peer_megabytes": sizes[1],
        "times_smaller": sizes[1] / sizes[0],
    }


def build_peer(configuration: Path, output: Path) -> None:
    """Build the peer's site."""
    command = [sys.executable, "-m", "mkdocs", "build", "--quiet", "--site-dir", str(output)]
    subprocess.run(  # noqa: S603 (our own interpreter and configuration)
        [*command, "--config-file", str(configuration)],
        check=True,
        env=os.environ | {"NO_MKDOCS_2_WARNING": "1"},
    )


def _seconds(work: Callable[[], object]) -> float:
    start = time.perf_counter()
    work()
    return time.perf_counter() - start


def _megabytes(folder: Path) -> float:
    return sum(path.stat().st_size for path in folder.rglob("*") if path.is_file()) / 1e6
