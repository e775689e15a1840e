"""The site while it is edited: built again after each saved change, and shown by itself.

Pages keep their own policy, which lets them load scripts of this host and fetch nothing. So the
browser asks for changes by loading a script that is answered when there is one.
"""

import asyncio
import contextlib
import json
import socket
import threading
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path

import uvicorn
from fastapi import FastAPI, Response
from fastapi.responses import FileResponse, HTMLResponse
from rich.console import Console
from rich.markup import escape
from watchdog.events import FileSystemEvent, FileSystemEventHandler
from watchdog.observers import Observer

from portal.commands.site import build
from portal.settings import ROOT, PortalSettings
from portal_content.errors import ContentError

WATCHED = ("content", "translations", "theme/templates", "theme/styles", "theme/scripts")
SETTLED = 0.1
"""Seconds without a further change; editors save a file in several steps."""
PATIENCE = 20.0
"""Seconds after which a browser asks anew."""
_ASK = '<script src="/-/changed.js" defer></script></body>'


@dataclass
class Preview:
    """What was built last."""

    settings: PortalSettings
    console: Console
    version: int = 0
    problem: str = ""
    _changed: threading.Event = field(default_factory=threading.Event)

    def build(self) -> None:
        """Build once; a problem is shown to the editor and does not end the preview."""
        try:
            build(self.settings, self.console)
            self.problem = ""
        except ContentError as error:
            self.problem = str(error)
            self.console.print(f"[red]{escape(self.problem)}[/]", soft_wrap=True)
        self.version += 1

    def note_change(self) -> None:
        """Remember that a file was saved."""
        self._changed.set()

    def build_after_changes(self, stopped: threading.Event) -> None:
        """Build whenever files have been saved, until told to stop."""
        while not stopped.is_set():
            if self._changed.wait(timeout=SETTLED):
                self._changed.clear()
                if not self._changed.wait(timeout=SETTLED):
                    self.build()


class _Watch(FileSystemEventHandler):
    def __init__(self, note: Callable[[], None]) -> None:
        self._note = note

    def on_any_event(self, event: FileSystemEvent) -> None:
        if event.event_type in ("created", "modified", "moved", "deleted"):
            self._note()


class TellingServer(uvicorn.Server):
    """Tells when a browser would be answered: whoever is told opens the page at once."""

    def __init__(self, config: uvicorn.Config, tell: Callable[[], None]) -> None:
        super().__init__(config)
        self._tell = tell

    async def startup(self, sockets: list[socket.socket] | None = None) -> None:
        """Listen, then tell."""
        await super().startup(sockets)
        self._tell()


def preview(settings: PortalSettings, port: int, console: Console) -> None:
    """Show the site on this machine until Ctrl-C.

    Args:
        settings: What the site is built with.
        port: Where to listen, on loopback only.
        console: Where to say what happens.
    """
    state = Preview(settings, console)
    state.build()
    observer, stopped = Observer(), threading.Event()
    for folder in WATCHED:
        observer.schedule(_Watch(state.note_change), str(ROOT / folder), recursive=True)
    observer.start()
    builder = threading.Thread(target=state.build_after_changes, args=(stopped,), daemon=True)
    builder.start()
    config = uvicorn.Config(
        preview_app(state),
        host="127.0.0.1",
        port=port,
        log_level="warning",
        timeout_graceful_shutdown=1,  # Browsers that wait for a change would hold it up.
    )
    told = f"\nThe site is at http://127.0.0.1:{port}/ar/ and shows changes by itself."
    try:
        with contextlib.suppress(KeyboardInterrupt):
            TellingServer(config, lambda: console.print(told)).run()
    finally:
        stopped.set()
        observer.stop()
        builder.join()
        observer.join()


def preview_app(state: Preview) -> FastAPI:
    """Return the small server behind a preview.

    Args:
        state: What is built, and when that changed.
    """
    app = FastAPI(openapi_url=None)

    @app.get("/-/changed.js")
    async def changed(since: int | None = None) -> Response:
        """Answer with a script: ask again, say what is wrong, or show the new page."""
        waited = 0.0
        while since is not None and state.version == since and waited < PATIENCE:
            await asyncio.sleep(SETTLED)
            waited += SETTLED
        return Response(_script(state, since), media_type="text/javascript")

    @app.get("/{path:path}")
    async def page(path: str) -> Response:
        """Serve a file of the built site; pages also ask for changes."""
        file = _file(state.settings.site, path)
        if file is None:
            missing = state.settings.site / "404.html"
            return HTMLResponse(_asking(missing), status_code=404)
        if file.suffix == ".html":
            return HTMLResponse(_asking(file), headers={"Cache-Control": "no-store"})
        return FileResponse(file, headers={"Cache-Control": "no-store"})

    return app


def _script(state: Preview, since: int | None) -> str:
    if since is not None and state.version != since and not state.problem:
        return "location.reload();"
    # A page that waits for a script has not loaded; so the question comes after that.
    ask = (
        "{const ask = () => setTimeout(() => {const next = document.createElement('script');"
        f"next.src = '/-/changed.js?since={state.version}'; document.body.append(next);}});"
        "document.readyState === 'complete' ? ask() : addEventListener('load', ask);}"
    )
    if not state.problem:
        return ask
    return (
        "{const box = document.querySelector('[data-problem]') || document.createElement('pre');"
        "box.dataset.problem = ''; box.dir = 'ltr'; box.style.cssText ="
        "'margin:0;padding:1rem;white-space:pre-wrap;background:#7a1f12;color:#fff';"
        f"box.textContent = {json.dumps(state.problem)}; document.body.prepend(box);}}" + ask
    )


def _file(site: Path, path: str) -> Path | None:
    wanted = (site / path).resolve()
    wanted = wanted / "index.html" if wanted.is_dir() else wanted
    return wanted if wanted.is_relative_to(site.resolve()) and wanted.is_file() else None


def _asking(page: Path) -> str:
    return page.read_text(encoding="utf-8").replace("</body>", _ASK)
