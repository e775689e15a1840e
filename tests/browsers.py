"""The browser the tests use: the system's Chromium, else Playwright's own."""

import os
import shutil
from typing import Any

from playwright.sync_api import Browser, Playwright

ARGUMENTS = [
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-gpu",
    "--disable-quic",
    "--disable-sync",
    "--no-first-run",
]


def chromium_options() -> dict[str, Any]:
    """Return how to start a headless Chromium; as root it cannot have a sandbox of its own."""
    alone = ["--no-sandbox"] if os.geteuid() == 0 else []
    executable = shutil.which("chromium") or shutil.which("chromium-browser")
    return {
        "executable_path": executable,
        "args": [*ARGUMENTS, *alone],
        "chromium_sandbox": not alone,
    }


def launch_chromium(playwright: Playwright) -> Browser:
    """Start a headless Chromium."""
    return playwright.chromium.launch(**chromium_options())
