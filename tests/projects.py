"""Copies of the project that tests may change: whole, or small enough to be built many times."""

import re
import shutil
from pathlib import Path

import yaml

ROOT = Path(__file__).parents[1]
LANGUAGES = ("ar", "en")
"""Of a small copy."""
MEETINGS = 2
"""Of a small copy."""
_NAME = re.compile(r"\.(?P<lang>[a-z]{2})\.(?:md|yml)$")


def small_project(folder: Path, *, packages: tuple[str, ...] = ()) -> Path:
    """Copy content, translations and theme with two languages and few meetings.

    Args:
        folder: Where to; must not hold them yet.
        packages: Python packages to copy too.
    """
    left_out = shutil.ignore_patterns("node_modules", "__pycache__")
    for name in ("content", "translations", "theme", *packages):
        shutil.copytree(ROOT / name, folder / name, ignore=left_out)
    (folder / "theme" / "node_modules").symlink_to(ROOT / "theme" / "node_modules")
    for path in [*(folder / "content").rglob("*.*"), *(folder / "translations").glob("*.*")]:
        match = _NAME.search(path.name)
        if match and match["lang"] not in LANGUAGES:
            path.unlink()
    for path in sorted((folder / "content" / "briefings").glob("*.yml"))[MEETINGS:]:
        path.unlink()
    for path in [*(folder / "content").glob("briefings/*"), *(folder / "content").glob("alerts/*")]:
        record = yaml.safe_load(path.read_text(encoding="utf-8"))
        for name in {"texts", "city"} & record.keys():
            record[name] = {lang: record[name][lang] for lang in LANGUAGES}
        path.write_text(yaml.safe_dump(record, allow_unicode=True), encoding="utf-8")
    languages = folder / "content" / "languages.yml"
    entries = re.split(r"^(?=- code: )", languages.read_text(encoding="utf-8"), flags=re.MULTILINE)
    kept = [entry for entry in entries if entry.startswith(("- code: ar", "- code: en", "#"))]
    languages.write_text("".join(kept), encoding="utf-8")
    return folder
