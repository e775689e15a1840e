"""Pages of the site, rewritten so that many stand in one document, or one stands in a file."""

import re
from collections.abc import Callable, Mapping
from html.parser import HTMLParser

MAIN = re.compile(r'<main id="content"[^>]*>(?P<main>.*)</main>', re.DOTALL)
_LEFT_OUT = {"script", "form", "audio", "template", "noscript"}
"""Elements that need the network, or their own script, to be of any use."""
_LEFT_OUT_CLASSES = {"section", "listening", "actions"}
"""Lists of other pages (the contents have them), voices, links to sheets to print."""
_VOID = {"area", "br", "col", "hr", "img", "input", "link", "meta", "source", "track", "wbr"}
_NAMES = ("for", "headers", "aria-labelledby", "aria-describedby", "aria-controls")
_HEADING = re.compile(r"^h([1-5])$")

Follow = Callable[[str], str]
"""Returns where a link of the site leads from inside a file."""


def main_of(page: str) -> str:
    """Return what stands in the main part of a finished page."""
    found = MAIN.search(page)
    return found["main"].strip() if found else ""


def as_part(main: str, name: str, follow: Follow) -> str:
    """Return the main part of a page as one part of a longer document.

    Ids get the name in front of them, headings go one level down, links lead where they lead from
    inside the document, and what needs network or script is left out.

    Args:
        main: What `main_of` returned.
        name: Id of the part.
        follow: Tells where links lead.
    """
    rewriter = _Rewriter(name, follow)
    rewriter.feed(main)
    rewriter.close()
    return "".join(rewriter.parts)


class _Rewriter(HTMLParser):
    def __init__(self, name: str, follow: Follow) -> None:
        super().__init__(convert_charrefs=False)
        self.parts: list[str] = []
        self._name = name
        self._follow = follow
        self._skipping = 0

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        given = {key: value or "" for key, value in attrs}
        if self._skipping or _is_left_out(tag, given):
            if tag not in _VOID:
                self._skipping += 1
            return
        self.parts.append(self._rewritten(tag, given))

    def handle_startendtag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        given = {key: value or "" for key, value in attrs}
        if not self._skipping and not _is_left_out(tag, given):
            self.parts.append(self._rewritten(tag, given))

    def handle_endtag(self, tag: str) -> None:
        if self._skipping:
            self._skipping -= 1
            return
        self.parts.append(f"</{_lowered(tag)}>")

    def handle_data(self, data: str) -> None:
        self._keep(data)

    def handle_entityref(self, name: str) -> None:
        self._keep(f"&{name};")

    def handle_charref(self, name: str) -> None:
        self._keep(f"&#{name};")

    def _keep(self, text: str) -> None:
        if not self._skipping:
            self.parts.append(text)

    def _rewritten(self, tag: str, given: Mapping[str, str]) -> str:
        # The text as it stands: drawings have names of mixed case that a parser levels.
        text = self.get_starttag_text() or ""
        if lowered := _lowered(tag):
            text = f"<{lowered}{text[len(tag) + 1 :]}"
        if "id" in given:
            text = _with(text, "id", f"{self._name}.{given['id']}")
        for name in _NAMES:
            if name in given:
                named = " ".join(f"{self._name}.{one}" for one in given[name].split())
                text = _with(text, name, named)
        if "href" in given:
            text = self._linked(text, given["href"])
        return text

    def _linked(self, text: str, href: str) -> str:
        if href.startswith("#"):
            return _with(text, "href", f"#{self._name}.{href[1:]}")
        if not href.startswith("/"):
            return text
        target = self._follow(href)
        outside = "" if target.startswith("#") or " rel=" in text else ' rel="noreferrer noopener"'
        return _with(text, "href", target).replace("<a ", f"<a{outside} ", 1)


def _with(text: str, name: str, value: str) -> str:
    return re.sub(rf'(\s{name}=)"[^"]*"', lambda match: f'{match[1]}"{value}"', text, count=1)


def _lowered(tag: str) -> str:
    found = _HEADING.match(tag)
    return f"h{int(found[1]) + 1}" if found else tag


def _is_left_out(tag: str, given: Mapping[str, str]) -> bool:
    classes = set(given.get("class", "").split())
    return tag in _LEFT_OUT or (tag in ("nav", "p", "div") and bool(classes & _LEFT_OUT_CLASSES))
