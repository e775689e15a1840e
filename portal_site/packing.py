"""Packing: beside every text of the site stands the same text packed, so that no server has to.

A real site is packed as small as it goes, once; a demonstration quickly, for whoever tries it out.
"""

import gzip
import hashlib
import json
import os
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from pathlib import Path

import brotli
import zstandard

PACKABLE = frozenset(
    (
        ".atom",
        ".css",
        ".html",
        ".ics",
        ".js",
        ".json",
        ".md",
        ".svg",
        ".txt",
        ".webmanifest",
        ".xml",
    )
)
"""Endings of texts; pictures, sound and PDF are packed already."""
ENDINGS = (".br", ".zst", ".gz")
"""What stands behind the name of a packed file: brotli (RFC 7932), zstd (RFC 8878), gzip."""
SMALLEST = 200
"""Bytes below which packing saves nothing that a reader would notice."""
_MEMORY = "packed.json"

Pack = Callable[[bytes], bytes]


@dataclass(frozen=True)
class Effort:
    """How hard each packer tries."""

    brotli: int
    zstd: int
    gzip: int


BEST = Effort(brotli=11, zstd=19, gzip=9)
QUICK = Effort(brotli=5, zstd=3, gzip=6)


def pack_site(folder: Path, workshop: Path, effort: Effort) -> None:
    """Write the packed files of a site, and remove those whose file is gone.

    Args:
        folder: The site.
        workshop: Where to remember what was packed, so that it is packed once.
        effort: How hard to try.
    """
    memory = workshop / _MEMORY
    before = json.loads(memory.read_text(encoding="utf-8")) if memory.exists() else {}
    now = {
        path.relative_to(folder).as_posix(): _fingerprint(path, effort) for path in _texts(folder)
    }
    changed = [
        folder / name
        for name in now
        if before.get(name) != now[name] or not (folder / f"{name}{ENDINGS[-1]}").exists()
    ]
    # The packers let other threads work while they pack.
    with ThreadPoolExecutor(os.cpu_count()) as pool:
        list(pool.map(lambda path: _pack(path, effort), changed))
    for packed in [path for path in folder.rglob("*") if path.suffix in ENDINGS]:
        if packed.with_suffix("").relative_to(folder).as_posix() not in now:
            packed.unlink()
    memory.write_text(json.dumps(now), encoding="utf-8")


def _texts(folder: Path) -> Iterator[Path]:
    for path in folder.rglob("*"):
        if path.suffix in PACKABLE and path.is_file() and path.stat().st_size >= SMALLEST:
            yield path


def _fingerprint(path: Path, effort: Effort) -> str:
    return f"{effort.brotli}-{hashlib.sha256(path.read_bytes()).hexdigest()}"


def _pack(path: Path, effort: Effort) -> None:
    content = path.read_bytes()
    packers: tuple[Pack, ...] = (
        lambda text: brotli.compress(text, quality=effort.brotli),
        lambda text: zstandard.ZstdCompressor(level=effort.zstd).compress(text),
        lambda text: gzip.compress(text, effort.gzip, mtime=0),
    )
    for ending, pack in zip(ENDINGS, packers, strict=True):
        path.with_name(path.name + ending).write_bytes(pack(content))
