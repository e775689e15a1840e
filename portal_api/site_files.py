"""The built site, served from its folder."""

import hashlib
import mimetypes
import re
from dataclasses import dataclass
from pathlib import Path

from fastapi import APIRouter, Request
from fastapi.responses import RedirectResponse, Response

from portal_api.errors import NotFound

router = APIRouter()

SHELL = "shell.html"
"""Frame of the server's own answers in each language; no page by itself."""
HASHED = re.compile(r"\.[0-9a-f]{8,64}\.[a-z0-9]+$")
"""A name with the hash of its content: what it names never changes."""
LONGEST_NAME = 255
"""Bytes of a file's name; a file system that is asked for a longer one fails."""
LONGEST_PATH = 2_000
"""Bytes of a whole path, for the same reason."""
OPEN = "api"
"""Folder of what other sites' scripts may read too: the content API."""
TYPES = {
    ".atom": "application/atom+xml; charset=utf-8",
    ".css": "text/css; charset=utf-8",
    ".html": "text/html; charset=utf-8",
    ".ics": "text/calendar; charset=utf-8",
    ".js": "text/javascript; charset=utf-8",
    ".json": "application/json",
    ".md": "text/markdown; charset=utf-8",
    ".svg": "image/svg+xml",
    ".txt": "text/plain; charset=utf-8",
    ".webmanifest": "application/manifest+json",
    ".woff2": "font/woff2",
    ".xml": "application/xml",
}
ENCODINGS = {"br": ".br", "zstd": ".zst", "gzip": ".gz"}
"""Packings in the order in which they are preferred, and the ending of a file packed so."""


@dataclass(frozen=True)
class SiteFiles:
    """A folder with the built site."""

    root: Path

    def content(self, path: Path, *, accepted: str) -> tuple[bytes, str]:
        """Return a file as it is sent, and how it is packed; "" for not at all.

        The build has packed it already. Nothing secret stands beside what others chose in these
        files, so packing tells nothing.

        Args:
            path: A file of the site.
            accepted: The browser's Accept-Encoding.
        """
        wanted = _weights(accepted)
        for encoding, ending in ENCODINGS.items():
            packed = path.with_name(path.name + ending)
            if wanted.get(encoding, wanted.get("*", 0.0)) > 0 and _is_current(packed, path):
                return packed.read_bytes(), encoding
        return path.read_bytes(), ""

    def find(self, path: str) -> Path | None:
        """Return the file of a public path, or none.

        Args:
            path: Path of the address, percent-decoded, without the slash at its beginning.
        """
        parts = path.split("/")
        # An empty part would make the redirect to a folder begin with "//": another host.
        if "" in parts[:-1] or any(_is_unsafe(part) for part in parts) or _is_inner(parts[-1]):
            return None
        if len(path.encode()) > LONGEST_PATH:
            return None
        found = self.root.joinpath(*parts)
        if path == "" or path.endswith("/"):
            found /= "index.html"
        # A link inside the folder must not lead out of it.
        if not found.is_file() or not found.resolve().is_relative_to(self.root.resolve()):
            return None
        return found

    def not_found_page(self, path: str) -> Path | None:
        """Return the page that says so, in the language of the path if it has one."""
        first = path.split("/", 1)[0]
        for name in (f"{first}/404.html", "404.html"):
            page = self.find(name)
            if page is not None:
                return page
        return None


@router.get("/{path:path}")
@router.head("/{path:path}")
def read_site(path: str, request: Request) -> Response:
    """Answer with a file of the site, or with its page for what is not there."""
    site: SiteFiles | None = request.app.state.site
    if site is None:
        raise NotFound
    found = site.find(path)
    if found is not None:
        return _answer(site, found, request)
    if not path.endswith("/") and site.find(path + "/") is not None:
        return RedirectResponse("/" + path + "/", status_code=308)
    page = site.not_found_page(path)
    if page is None:
        raise NotFound
    return Response(page.read_bytes(), status_code=404, media_type=TYPES[".html"])


def _weights(accepted: str) -> dict[str, float]:
    """Read an Accept-Encoding header (RFC 9110, 12.5.3); what cannot be read does not count."""
    weights = {}
    for part in accepted.split(","):
        name, _, weight = part.partition(";")
        try:
            weights[name.strip().lower()] = float(weight.strip().removeprefix("q=") or 1)
        except ValueError:
            continue
    return weights


def _is_current(packed: Path, path: Path) -> bool:
    """Tell whether a packed file is there and not older than what it was made from."""
    return packed.is_file() and packed.stat().st_mtime_ns >= path.stat().st_mtime_ns


def _is_inner(name: str) -> bool:
    """Tell whether a file is only part of an answer: the frame, or the packed form of another."""
    return name == SHELL or name.endswith(tuple(ENCODINGS.values()))


def _is_unsafe(part: str) -> bool:
    too_long = len(part.encode()) > LONGEST_NAME
    return part.startswith(".") or "\\" in part or "\x00" in part or too_long


def _answer(site: SiteFiles, path: Path, request: Request) -> Response:
    kind = TYPES.get(path.suffix) or mimetypes.guess_type(path.name)[0]
    lasting = HASHED.search(path.name) is not None
    headers = {
        "Cache-Control": "public, max-age=31536000, immutable" if lasting else "no-cache",
        "Vary": "Accept-Encoding",
    }
    if path.is_relative_to(site.root / OPEN):
        headers["Access-Control-Allow-Origin"] = "*"
    accepted = request.headers.get("accept-encoding", "")
    content, encoding = site.content(path, accepted=accepted)
    if encoding:
        headers["Content-Encoding"] = encoding
    headers["ETag"] = f'"{hashlib.sha256(content).hexdigest()[:32]}"'
    if request.headers.get("if-none-match") == headers["ETag"]:
        return Response(status_code=304, headers=headers)
    return Response(content, headers=headers, media_type=kind or "application/octet-stream")
