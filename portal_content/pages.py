"""Pages: content/<section>/<slug>.<language>.md with front matter.

A slug may have folders of its own: content/meetings/briefings/summaries.ar.md is the page
`briefings/summaries`.
"""

import re
from collections.abc import Container, Mapping
from dataclasses import dataclass
from datetime import date
from functools import cached_property
from pathlib import Path
from typing import Literal

import yaml
from pydantic import BaseModel, ConfigDict, Field, ValidationError

from portal_content.errors import ContentError
from portal_content.paragraphs import Paragraph, paragraphs
from portal_content.validation import complaint, line_of, line_of_syntax, load_yaml

HOME = "index"
"""Slug of the first page of a language."""
_FRONT_MATTER = re.compile(r"---\n(?P<head>.*?\n)---\n(?P<body>.*)", re.DOTALL)
_HEADING = re.compile(r"^#{2,4} (?P<text>.*?)\s*\{#(?P<id>[a-z0-9-]+)\}\s*$", re.MULTILINE)
_LINK = re.compile(r"\]\(page:(?P<slug>[a-z0-9-]+(?:/[a-z0-9-]+)*)(?:#(?P<id>[a-z0-9-]+))?\)")
BLOCK = re.compile(r"^\[\[(?P<name>[a-z-]+)\]\]$", re.MULTILINE)
"""What a body may have on a line of its own: a part that the build fills from data."""
SAFETY_REVIEW = 90
"""Days; pages that must be reviewed this often are about somebody's safety (DR-22)."""


class Source(BaseModel):
    """Where the facts of a page come from."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    document: str
    paragraphs: str


class Door(BaseModel):
    """A large card on the first page."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    title: str
    text: str
    page: str
    """`slug` or `slug#heading`."""


class PageMeta(BaseModel):
    """Front matter."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    id: str = Field(pattern=r"^P[0-9]{2,5}$")
    title: str
    neutral_title: str = ""
    """Shown in the browser's history instead of the title; for pages that are better not seen."""
    description: str = Field(max_length=155)
    audience: tuple[str, ...]
    section: str
    order: int
    quick_exit: bool
    channels: bool = False
    doors: tuple[Door, ...] = ()
    sources: tuple[Source, ...] = Field(min_length=1)
    as_of: date
    """Until when the sources speak."""
    reviewed: date | None
    """When a person last reviewed the page; none if nobody has."""
    review_every: int
    """Days after which it must be reviewed again."""
    translation_state: Literal["original", "human", "draft", "machine"]
    made_from: str = ""
    """Digests of the source's paragraphs at the time of translation, in their order."""
    updated: date | None = None
    """When the meaning of the page last changed, if that is later than its sources."""
    share: str = Field(max_length=600)
    audio: Literal["planned", "recorded", "none"]
    """Whether the page is for listening too; a recording lies in content/media/audio/."""

    @property
    def is_safety(self) -> bool:
        """Whether a reader's safety may depend on the page."""
        return self.review_every <= SAFETY_REVIEW

    @property
    def changed(self) -> date:
        """The day of the last change that the content itself tells of."""
        return max(day for day in (self.as_of, self.reviewed, self.updated) if day is not None)

    @property
    def recorded(self) -> tuple[str, ...]:
        """The digests that the translation was made from."""
        return tuple(self.made_from.split())


@dataclass(frozen=True)
class Page:
    """One page in one language."""

    path: Path
    slug: str
    lang: str
    meta: PageMeta
    body: str
    body_line: int
    """Line of the file on which the body starts, from 1."""

    def paragraphs(self) -> tuple[Paragraph, ...]:
        """Return what is translated: title, description, the text to share, doors, the body."""
        return self._paragraphs

    @cached_property
    def _paragraphs(self) -> tuple[Paragraph, ...]:
        return (*self.head(), *paragraphs(self.body))

    def head(self) -> tuple[Paragraph, ...]:
        """Return what readers see of the front matter."""
        doors = (f"{door.title}\n{door.text}" for door in self.meta.doors)
        texts = (self.meta.title, self.meta.description, self.meta.share, *doors)
        return tuple(Paragraph(text, 0) for text in texts)

    @property
    def headings(self) -> tuple[str, ...]:
        """Ids of the headings, in order."""
        return tuple(match["id"] for match in _HEADING.finditer(self.body))

    def heading_text(self, heading: str) -> str:
        """Return the words of a heading."""
        return next(m["text"] for m in _HEADING.finditer(self.body) if m["id"] == heading)

    def heading_above(self, offset: int) -> str:
        """Return the id of the heading that an offset of the body stands below, or ""."""
        above = [m["id"] for m in _HEADING.finditer(self.body) if m.start() <= offset]
        return above[-1] if above else ""

    def links(self) -> list[tuple[int, str, str]]:
        """Return line, slug and heading of every link to another page."""
        return [
            (self.line_at(match.start()), match["slug"], match["id"] or "")
            for match in _LINK.finditer(self.body)
        ]

    def line_at(self, offset: int) -> int:
        """Return the line of the file that an offset of the body is on."""
        return self.body_line + self.body.count("\n", 0, offset)


Pages = Mapping[tuple[str, str], Page]
"""Pages by slug and language."""


def load_pages(content: Path) -> dict[tuple[str, str], Page]:
    """Load every page.

    Raises:
        ContentError: If a file is no page, or two files are the same page.
    """
    pages: dict[tuple[str, str], Page] = {}
    for path in sorted(content.glob("*/**/*.*.md")):
        page = _load(path, content)
        if (page.slug, page.lang) in pages:
            raise ContentError(path, "another file has the same slug and language")
        pages[page.slug, page.lang] = page
    return pages


def source_languages(pages: Pages) -> dict[str, str]:
    """Return the language that each page is written in first, by slug."""
    sources: dict[str, str] = {}
    for (slug, lang), page in pages.items():
        if page.meta.translation_state == "original":
            sources.setdefault(slug, lang)
    return dict(reversed(list(pages))) | sources


def with_links(body: str, lang: str, written: Container[str]) -> str:
    """Turn links between pages into addresses of a language.

    Args:
        body: Markdown of a page.
        lang: Language of the page.
        written: Slugs that exist in this language; headings of others cannot be linked to.
    """

    def address(match: re.Match[str]) -> str:
        heading = (match["id"] or "") if match["slug"] in written else ""
        return f"]({page_address(lang, match['slug'], heading)})"

    return _LINK.sub(address, body)


def page_address(lang: str, slug: str, heading: str = "") -> str:
    """Return the address of a page on the site."""
    path = f"/{lang}/" if slug == HOME else f"/{lang}/{slug}/"
    return f"{path}#{heading}" if heading else path


def _load(path: Path, content: Path) -> Page:
    name, lang = path.name.split(".")[:2]
    slug = "/".join((*path.relative_to(content).parts[1:-1], name))
    match = _FRONT_MATTER.fullmatch(path.read_text(encoding="utf-8"))
    if match is None:
        raise ContentError(path, "a page starts with front matter between two lines of ---", line=1)
    try:
        meta = PageMeta.model_validate(load_yaml(match["head"]))
    except yaml.YAMLError as error:
        line = line_of_syntax(error) + 1
        raise ContentError(path, f"the front matter is not YAML: {error}", line=line) from error
    except ValidationError as error:
        # The front matter begins below a line of its own.
        line = line_of(match["head"], error) + 1
        raise ContentError(path, f"front matter: {complaint(error)}", line=line) from error
    body_line = match["head"].count("\n") + 3
    return Page(path, slug, lang, meta, match["body"], body_line)
