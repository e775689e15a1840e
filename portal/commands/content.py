"""Looking after the content: problems, states of translations, what they were made from."""

from collections.abc import Iterable, Sequence

from rich.console import Console
from rich.markup import escape
from rich.table import Table

from portal.settings import ROOT, PortalSettings
from portal_content.checks import check_content
from portal_content.errors import ContentError
from portal_content.library import Library, load_library
from portal_content.recording import record
from portal_content.translation_states import State, page_state

_SIGNS = {
    State.MISSING: ("-", "red"),
    State.OUTDATED_SAFETY: ("behind!", "bold red"),
    State.OUTDATED: ("behind", "yellow"),
    State.MACHINE: ("machine", "yellow"),
    State.DRAFT: ("draft", "cyan"),
    State.CURRENT: ("current", "green"),
}


def print_content_problems(settings: PortalSettings, console: Console) -> int:
    """Print every problem of the content and return how many there are."""
    library = load_library(ROOT)
    problems = check_content(library, production=settings.environment == "production")
    for problem in problems:
        console.print(escape(str(problem)), soft_wrap=True)
    console.print(f"{len(problems)} problems in content/ and translations/.")
    return len(problems)


def print_content_status(console: Console) -> None:
    """Print which page stands where in which language, and how much of each there is."""
    library = load_library(ROOT)
    table = Table("", "Page", *library.languages)
    ids = {slug: library.pages[slug, lang].meta.id for slug, lang in library.sources.items()}
    states = {
        (slug, lang): page_state(library, slug, lang).state
        for slug in ids
        for lang in library.languages
    }
    for slug in sorted(ids, key=lambda slug: ids[slug]):
        table.add_row(ids[slug], slug, *(_cell(states[slug, lang]) for lang in library.languages))
    table.add_section()
    for state in State:
        shares = [_share(states[slug, lang] is state for slug in ids) for lang in library.languages]
        table.add_row("", state.value, *shares)
    console.print(table)


def record_translations(pages: Sequence[tuple[str, str]], console: Console) -> int:
    """Write into translations that they say what their sources say now.

    Args:
        pages: Slug and language of each; all translations if there are none.
        console: Where to say what happened.

    Returns:
        How many could not be recorded.
    """
    library = load_library(ROOT)
    failed = 0
    for slug, lang in pages or _translations(library):
        if (slug, lang) not in library.pages:
            console.print(f"There is no page {slug} in {lang}.")
            failed += 1
            continue
        try:
            if record(library, library.pages[slug, lang]):
                console.print(f"{slug} {lang}: recorded")
        except ContentError as error:
            console.print(escape(str(error)), soft_wrap=True)
            failed += 1
    return failed


def _translations(library: Library) -> list[tuple[str, str]]:
    return [(slug, lang) for slug, lang in library.pages if library.sources[slug] != lang]


def _cell(state: State) -> str:
    text, style = _SIGNS[state]
    return f"[{style}]{text}[/]"


def _share(marks: Iterable[bool]) -> str:
    listed = list(marks)
    return f"{100 * sum(listed) / len(listed):.0f} %" if listed else ""
