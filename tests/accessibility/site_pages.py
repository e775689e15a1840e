"""The pages that are judged: every one that was built, and those that the service answers with."""

from pathlib import Path

INNER = {"shell.html"}


def addresses(site: Path) -> list[str]:
    """Return the address of every built page, in order."""
    pages = [path for path in sorted(site.rglob("*.html")) if path.name not in INNER]
    return [f"/{path.relative_to(site).as_posix().removesuffix('index.html')}" for path in pages]
