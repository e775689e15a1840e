"""Words of a page for paper: its sections as lines of runs, without links, boxes and blocks."""

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from portal_content.handouts.definition import Extract
from portal_content.pages import BLOCK, Page
from portal_content.paragraphs import paragraphs

_HEADING = re.compile(r"#{2,4} .*?\{#(?P<id>[a-z0-9-]+)\}\s*")
_POINT = re.compile(r"^(?P<mark>\d+\.|-) +(?P<text>.*(?:\n +.*)*)", re.MULTILINE)
_RUN = re.compile(
    r"\*\*(?P<strong>.+?)\*\*|\[(?P<link>[^\]]+)\]\([^)]*\)|<bdi dir=\"ltr\">(?P<ltr>.+?)</bdi>"
)
_BOX = "!!!"
BULLET = "-"


@dataclass(frozen=True)
class Run:
    """Words that look the same."""

    text: str
    strong: bool = False
    ltr: bool = False
    """Whether they are read from the left in any language, as addresses are."""


@dataclass(frozen=True)
class Line:
    """A paragraph or one point of a list."""

    mark: str
    """The number of the point, `BULLET`, or nothing for a paragraph."""
    runs: tuple[Run, ...]

    @property
    def text(self) -> str:
        """What it says, plainly."""
        return "".join(run.text for run in self.runs)


def sections(page: Page) -> dict[str, tuple[Line, ...]]:
    """Return what a page says by the id of the heading above it, "" before the first."""
    found: dict[str, tuple[Line, ...]] = {"": ()}
    here = ""
    for paragraph in paragraphs(page.body):
        heading = _HEADING.fullmatch(paragraph.text)
        if heading:
            here = heading["id"]
            found[here] = ()
        elif not paragraph.text.startswith(_BOX) and not BLOCK.search(paragraph.text):
            found[here] += tuple(_lines(paragraph.text))
    return found


def points(page: Page, extracts: Iterable[Extract]) -> tuple[Line, ...]:
    """Return the points of a page that go on a poster.

    Raises:
        LookupError: If the page has no such heading or no such point.
    """
    there = sections(page)
    chosen: list[Line] = []
    for extract in extracts:
        listed = [line for line in there[extract.heading] if line.mark]
        lines = [listed[number - 1] for number in extract.points]
        chosen += map(_strong, lines) if extract.strong_only else lines
    return tuple(chosen)


def words_in(lines: tuple[Line, ...]) -> int:
    """Return how many words lines have together."""
    return sum(len(line.text.split()) for line in lines)


def _strong(line: Line) -> Line:
    emphasised = tuple(Run(run.text, ltr=run.ltr) for run in line.runs if run.strong)
    return Line(line.mark, emphasised) if emphasised else line


def _lines(text: str) -> Iterator[Line]:
    listed = list(_POINT.finditer(text))
    if not listed:
        yield Line("", tuple(_runs(text)))
    for match in listed:
        yield Line(match["mark"], tuple(_runs(match["text"])))


def _runs(text: str) -> Iterator[Run]:
    words, end = re.sub(r"\s+", " ", text).strip(), 0
    for match in _RUN.finditer(words):
        if match.start() > end:
            yield Run(words[end : match.start()])
        yield Run(
            match[match.lastgroup or 0], match["strong"] is not None, match["ltr"] is not None
        )
        end = match.end()
    if end < len(words):
        yield Run(words[end:])
