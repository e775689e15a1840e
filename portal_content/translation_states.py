"""How far each translation stands behind its source, a page and a paragraph at a time.

A translation keeps the digests of the source paragraphs that it was made from (`made_from` in its
front matter). From these and the source as it is now, states are computed; nobody claims them.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from difflib import SequenceMatcher
from enum import StrEnum

from portal_content.library import Library
from portal_content.pages import Page


class State(StrEnum):
    """State of a page in a language, from none to good."""

    MISSING = "missing"
    """There is no such page."""
    OUTDATED_SAFETY = "outdated-safety"
    """The source of a safety page has changed since."""
    OUTDATED = "outdated"
    """The source has changed since."""
    MACHINE = "machine"
    """Made by a machine and not reviewed."""
    DRAFT = "draft"
    """No person has reviewed it."""
    CURRENT = "current"
    """Reviewed, and says what the source says."""


class ParagraphState(StrEnum):
    """State of one paragraph of a translation."""

    CURRENT = "current"
    OUTDATED = "outdated"
    """The source paragraph has changed, or is gone."""


@dataclass(frozen=True)
class PageState:
    """What is known of a page in a language."""

    state: State
    source: str
    """Code of the language that the page is written in first."""
    paragraphs: tuple[ParagraphState, ...] = ()
    """One for each of Page.paragraphs()."""
    added: int = 0
    """Paragraphs of the source that the translation does not have at all."""
    sections: tuple[str, ...] = ()
    """Ids of the headings of the source under which something changed; "" before the first."""


def page_state(library: Library, slug: str, lang: str) -> PageState:
    """Compute the state of a page in a language.

    Args:
        library: The loaded content.
        slug: Which page; at least one language has it.
        lang: Which language.
    """
    code = library.sources[slug]
    page, source = library.pages.get((slug, lang)), library.pages[slug, code]
    if page is None:
        return PageState(State.MISSING, code)
    if page is source:
        states = (ParagraphState.CURRENT,) * len(page.paragraphs())
        return PageState(_unreviewed(page) or State.CURRENT, code, states)
    states, changed = _compared(page, source)
    behind = bool(changed) or ParagraphState.OUTDATED in states
    if behind:
        state = State.OUTDATED_SAFETY if source.meta.is_safety else State.OUTDATED
    else:
        state = _unreviewed(page) or State.CURRENT
    recorded = set(page.meta.recorded)
    added = sum(source.paragraphs()[index].digest not in recorded for index in changed)
    return PageState(state, code, states, added, _sections(source, changed))


def made_from(source: Page) -> str:
    """Return what a translation of this page, as it is now, has as `made_from`."""
    return " ".join(paragraph.digest for paragraph in source.paragraphs())


def _unreviewed(page: Page) -> State | None:
    if page.meta.reviewed is not None and page.meta.translation_state in ("original", "human"):
        return None
    return State.MACHINE if page.meta.translation_state == "machine" else State.DRAFT


def _compared(page: Page, source: Page) -> tuple[tuple[ParagraphState, ...], Sequence[int]]:
    """Return the state of each paragraph, and which of the source have no current one."""
    now = [paragraph.digest for paragraph in source.paragraphs()]
    then = page.meta.recorded
    states = [ParagraphState.OUTDATED] * len(page.paragraphs())
    changed = set(range(len(now)))
    if len(then) != len(states):  # Nobody can say which paragraph stands for which.
        return tuple(states), sorted(changed)
    for match in SequenceMatcher(None, then, now, autojunk=False).get_matching_blocks():
        changed -= set(range(match.b, match.b + match.size))
        for index in range(match.a, match.a + match.size):
            states[index] = ParagraphState.CURRENT
    return tuple(states), sorted(changed)


def _sections(source: Page, changed: Sequence[int]) -> tuple[str, ...]:
    """Return the headings above the changed paragraphs, each once."""
    found: dict[str, None] = {}
    everything = source.paragraphs()
    for index in changed:
        found[source.heading_above(everything[index].offset)] = None
    return tuple(found)
