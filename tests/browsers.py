"""The browser the tests use: the system's Chromium, else Playwright's own."""

import os
import shutil

from playwright.sync_api import Browser, Playwright

ARGUMENTS = [
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-gpu",
    "--disable-quic",
    "--disable-sync",
    "--no-first-run",
]


def launch_chromium(playwright: Playwright) -> Browser:
    """Start a headless Chromium; as root it cannot have a sandbox of its own."""
    alone = ["--no-sandbox"] if os.geteuid() == 0 else []
    executable = shutil.which("chromium") or shutil.which("chromium-browser")
    return playwright.chromium.launch(
        executable_path=executable, args=[*ARGUMENTS, *alone], chromium_sandbox=not alone
    )
