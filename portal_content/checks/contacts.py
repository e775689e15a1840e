"""Every contact in pages and strings is in the registry of channels, or a body's that we name."""

import re
from collections.abc import Iterator
from dataclasses import dataclass

from portal_content.errors import Problem
from portal_content.library import Library
from portal_protocol.digits import ascii_digits

_MAIL = re.compile(r"[\w.+-]+@[\w-]+(?:\.[\w-]+)+")
_PHONE = re.compile(r"\+[\d٠-٩۰-۹][\d٠-٩۰-۹ ()-]{6,}")
_WEB = re.compile(r"https?://(?P<host>[\w.-]+)")
_RESERVED = re.compile(r"(?:^|[.@])example(?:\.(?:com|net|org))?$")
"""Names that can belong to nobody (RFC 2606): for examples."""


@dataclass(frozen=True)
class Listed:
    """Contacts that texts may give."""

    values: frozenset[str]
    phones: frozenset[str]

    def unlisted(self, text: str) -> Iterator[tuple[int, str]]:
        """Yield offset and message of each contact that is in no list."""
        if not any(sign in text for sign in ("@", "://", "+")):
            return  # What all of them have in common; looking for the whole takes long.
        found = [(m.start(), m[0]) for m in _MAIL.finditer(text)]
        found += [(m.start(), m["host"]) for m in _WEB.finditer(text)]
        wrong = [(at, value) for at, value in found if not self._known(value)]
        numbers = [(m.start(), m[0]) for m in _PHONE.finditer(text)]
        wrong += [(at, number) for at, number in numbers if ascii_digits(number) not in self.phones]
        for at, value in wrong:
            yield at, f"{value} is not in content/channels.yml"

    def _known(self, value: str) -> bool:
        return value in self.values or _RESERVED.search(value) is not None


def check(library: Library) -> Iterator[Problem]:
    """Report addresses, phone numbers and links that no list holds."""
    channels = {channel.value for channel in library.channels}
    others = {value for one in library.organisations for value in (one.web, one.email)}
    phones = frozenset(ascii_digits(value) for value in channels)
    listed = Listed(frozenset(channels | others), phones)
    for page in library.pages.values():
        for at, message in listed.unlisted(page.body):
            yield Problem(page.path, page.line_at(at), message)
    for path in sorted((library.root / "translations").glob("*.yml")):
        text = path.read_text(encoding="utf-8")
        for at, message in listed.unlisted(text):
            yield Problem(path, text.count("\n", 0, at) + 1, message)
