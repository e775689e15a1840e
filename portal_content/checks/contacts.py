"""Every contact in the content is in the registry of channels."""

import re
from collections.abc import Iterator

from portal_content.errors import Problem
from portal_content.library import Library
from portal_protocol.digits import ascii_digits

_MAIL = re.compile(r"[\w.+-]+@[\w-]+(?:\.[\w-]+)+")
_PHONE = re.compile(r"\+[\d٠-٩۰-۹][\d٠-٩۰-۹ ()-]{6,}")
_WEB = re.compile(r"https?://(?P<host>[\w.-]+)")
_RESERVED = re.compile(r"(?:^|[.@])example(?:\.(?:com|net|org))?$")
"""Names that can belong to nobody (RFC 2606): for examples."""


def check(library: Library) -> Iterator[Problem]:
    """Report addresses, phone numbers and links that no channel lists."""
    listed = {channel.value for channel in library.channels}
    phones = {ascii_digits(value) for value in listed}
    for page in library.pages.values():
        if not any(sign in page.body for sign in ("@", "://", "+")):
            continue  # What all of them have in common; looking for the whole takes long.
        found = [(m.start(), m[0]) for m in _MAIL.finditer(page.body)]
        found += [(m.start(), m["host"]) for m in _WEB.finditer(page.body)]
        wrong = [(at, value) for at, value in found if not _known(value, listed)]
        numbers = [(m.start(), m[0]) for m in _PHONE.finditer(page.body)]
        wrong += [(at, text) for at, text in numbers if ascii_digits(text) not in phones]
        for at, value in wrong:
            message = f"{value} is not in content/channels.yml"
            yield Problem(page.path, page.line_at(at), message)


def _known(value: str, listed: set[str]) -> bool:
    return value in listed or _RESERVED.search(value) is not None
