"""The browser scripts: same bytes each time, small, pinned, and without a trace of this machine."""

import base64
import hashlib
import json
from pathlib import Path

import brotli
import pytest

from portal_site.assets import Asset, Assets, BuildFailed, build_assets, bundle, install_tools
from portal_site.settings import SiteSettings

ROOT = Path(__file__).parents[2]
THEME = ROOT / "theme"
ROOTS = (
    "iimp.example/root0+3e48421d+AT5IQh1J44yOF9j/T8fHNfZBV+0J7QEOIVl2/q9ZcvKU",
    "iimp.example/root1+3e48421d+AT5IQh1J44yOF9j/T8fHNfZBV+0J7QEOIVl2/q9ZcvKU",
    "iimp.example/root2+3e48421d+AT5IQh1J44yOF9j/T8fHNfZBV+0J7QEOIVl2/q9ZcvKU",
)
SETTINGS = SiteSettings(root=ROOT, roots=ROOTS, minimum_key_serial=7)


@pytest.fixture(scope="module")
def built(tmp_path_factory: pytest.TempPathFactory) -> Assets:
    return build_assets(SETTINGS, tmp_path_factory.mktemp("first"))


def all_of(assets: Assets) -> list[Asset]:
    return [assets.main, *assets.of("form"), assets.return_page, assets.argon2]


def on_the_wire(asset: Asset) -> int:
    return len(brotli.compress(asset.path.read_bytes(), quality=11))


def test_building_twice_gives_the_same_bytes(built: Assets, tmp_path: Path) -> None:
    again = build_assets(SETTINGS, tmp_path)

    for first, second in zip(all_of(built), all_of(again), strict=True):
        assert first.path.read_bytes() == second.path.read_bytes()
        assert (first.url, first.integrity) == (second.url, second.integrity)


def test_name_and_integrity_follow_from_the_content(built: Assets) -> None:
    for asset in all_of(built):
        digest = hashlib.sha256(asset.path.read_bytes()).digest()

        assert asset.integrity == "sha256-" + base64.b64encode(digest).decode()
        assert asset.url.startswith("/assets/")
        assert asset.url.endswith(f".{digest.hex()[:16]}.js")


def test_what_a_script_trusts_is_compiled_in(built: Assets) -> None:
    for asset in (built.form, built.return_page):
        script = asset.path.read_text(encoding="utf-8")

        assert built.argon2.url in script
        assert built.argon2.integrity in script
        assert all(root in script for root in ROOTS)


def test_other_roots_make_other_scripts(built: Assets, tmp_path: Path) -> None:
    other = SETTINGS.model_copy(update={"roots": ROOTS[:2]})

    rebuilt = build_assets(other, tmp_path)

    assert rebuilt.form.url != built.form.url
    assert rebuilt.argon2.url == built.argon2.url


def test_a_first_load_is_small_enough_for_a_slow_line(built: Assets) -> None:
    """Budgets on the wire, in bytes: main 8 KB, the form's scripts 45 KB together."""
    assert on_the_wire(built.main) <= 8_000
    for script in ("form", "return"):
        assert sum(map(on_the_wire, built.of(script))) <= 45_000
    assert on_the_wire(built.argon2) <= 15_000


def test_scripts_name_no_file_of_ours_and_no_other_host(built: Assets) -> None:
    for asset in all_of(built):
        script = asset.path.read_text(encoding="utf-8")

        for trace in ("node_modules", "theme/", str(ROOT), "sourceMappingURL", "console.log"):
            assert trace not in script, trace
        assert "https://" not in script


def test_the_lock_file_pins_every_package_and_names_no_address() -> None:
    for folder in (THEME, ROOT / "tests" / "browser" / "old_chromium"):
        lock = json.loads((folder / "package-lock.json").read_text(encoding="utf-8"))

        for name, package in lock["packages"].items():
            assert "resolved" not in package, name
            part_of_another = name == "" or package.get("inBundle", False)
            assert part_of_another or package["integrity"].startswith("sha512-"), name


def test_noble_is_the_version_that_runs_in_old_browsers() -> None:
    """From 2.4.0 on every encryption throws in Chrome before 93."""
    lock = json.loads((THEME / "package-lock.json").read_text(encoding="utf-8"))
    versions = {
        name.rpartition("node_modules/")[2]: package["version"]
        for name, package in lock["packages"].items()
        if "@noble/" in name
    }
    copies = [name for name in lock["packages"] if "@noble/" in name]

    assert versions["@noble/curves"] == "2.0.1"
    assert versions["@noble/hashes"] == "2.0.1"
    assert versions["@noble/ciphers"] == "2.1.1"
    assert len(copies) == len(versions), "two copies of one package"


def test_what_is_installed_already_is_not_installed_again() -> None:
    install_tools(THEME)
    record = THEME / "node_modules" / ".package-lock.json"
    before = record.stat().st_mtime_ns

    install_tools(THEME)

    assert record.stat().st_mtime_ns == before


def test_tools_of_another_lock_file_are_not_taken_for_ours(tmp_path: Path) -> None:
    lock = json.loads((THEME / "package-lock.json").read_text(encoding="utf-8"))
    lock["packages"]["node_modules/esbuild"]["integrity"] = "sha512-other"
    record = THEME / "node_modules" / ".package-lock.json"
    (tmp_path / "package-lock.json").write_text(json.dumps(lock))
    (tmp_path / "node_modules").mkdir()
    (tmp_path / "node_modules" / record.name).write_bytes(record.read_bytes())

    # Without a package.json there is nothing to install; that it tried is what we want to see.
    with pytest.raises(BuildFailed, match="npm"):
        install_tools(tmp_path)


def test_a_script_that_does_not_compile_says_where(tmp_path: Path) -> None:
    (tmp_path / "scripts").mkdir()
    (tmp_path / "scripts" / "broken.ts").write_text("const = 1")
    (tmp_path / "node_modules").symlink_to(THEME / "node_modules")

    with pytest.raises(BuildFailed, match=r"broken\.ts"):
        bundle(tmp_path, "broken", {})
