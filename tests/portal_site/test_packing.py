"""Every text of the site stands there packed too, is what it was, and goes when its text goes."""

import gzip
from pathlib import Path

import brotli
import zstandard

from portal_site.packing import BEST, PACKABLE, QUICK, SMALLEST, pack_site

TEXT = "لا نطلب المال أبداً. " * 100


def unpacked(path: Path) -> list[bytes]:
    br, zst, gz = (path.with_name(path.name + ending) for ending in (".br", ".zst", ".gz"))
    return [
        brotli.decompress(br.read_bytes()),
        zstandard.ZstdDecompressor().decompress(zst.read_bytes()),
        gzip.decompress(gz.read_bytes()),
    ]


def test_every_text_of_the_site_is_packed_three_ways(built_site: Path) -> None:
    texts = [
        path
        for path in built_site.rglob("*")
        if path.suffix in PACKABLE and path.stat().st_size >= SMALLEST
    ]

    assert len(texts) > 1_000
    for path in texts:
        assert unpacked(path) == [path.read_bytes()] * 3, path


def test_nothing_packed_is_left_alone(built_site: Path) -> None:
    for path in built_site.rglob("*"):
        if path.suffix in (".br", ".zst", ".gz"):
            assert path.with_suffix("").exists(), path


def test_only_what_changed_is_packed_again(tmp_path: Path) -> None:
    site = tmp_path / "site"
    site.mkdir()
    same, changed, gone = (site / f"{name}.html" for name in ("same", "changed", "gone"))
    for path in (same, changed, gone):
        path.write_text(TEXT, encoding="utf-8")
    pack_site(site, tmp_path, QUICK)
    before = same.with_name("same.html.br").stat().st_mtime_ns

    changed.write_text(TEXT + "!", encoding="utf-8")
    gone.unlink()
    pack_site(site, tmp_path, QUICK)

    assert same.with_name("same.html.br").stat().st_mtime_ns == before
    assert unpacked(changed) == [changed.read_bytes()] * 3
    assert not gone.with_name("gone.html.br").exists()


def test_a_real_site_is_packed_harder_and_always_alike(tmp_path: Path, built_site: Path) -> None:
    page = (built_site / "ar" / "protect-yourself" / "index.html").read_bytes()
    sizes = {}
    for name, effort in (("quick", QUICK), ("best", BEST), ("again", BEST)):
        folder = tmp_path / name
        (folder / "site").mkdir(parents=True)
        (folder / "site" / "page.html").write_bytes(page)
        pack_site(folder / "site", folder, effort)
        sizes[name] = [
            (folder / "site" / f"page.html{ending}").read_bytes()
            for ending in (".br", ".zst", ".gz")
        ]

    assert sizes["best"] == sizes["again"]
    assert len(sizes["best"][0]) < len(sizes["quick"][0])
