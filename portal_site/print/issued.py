"""What we issued under a code: handouts and alerts, and whether each still holds."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from urllib.parse import urlsplit

from portal_content.alerts.definition import Alert
from portal_content.dates import day_in_words
from portal_content.handouts.definition import Handout
from portal_content.pages import page_address
from portal_content.verification_codes import LENGTH, grouped
from portal_site.alerts.document import alert_document
from portal_site.values import Site
from portal_site.wording import Words

SECTION = "print"
"""Section of the strings."""
CODES = "c"
"""Path of the list, short enough to be typed from a wall."""


@dataclass(frozen=True)
class Issue:
    """One thing under a code, in one language."""

    kind: str
    """Name in the reader's language."""
    title: str
    code: str
    """In groups, as it is shown."""
    path: str
    """Below the language: where the code leads to."""
    about: str
    """Address of the page that says the same."""
    issued: date
    issued_text: str
    holds: bool
    state: str
    """Whether it holds, in the reader's words."""
    newer: str
    """Address of what replaced it, or nothing."""
    sample: bool


def words_for(site: Site, lang: str) -> Words:
    """Return the words of print in a language."""
    return Words(site, SECTION, lang)


def typed_address(site: Site, lang: str) -> str:
    """Return the short address that sheets ask readers to type."""
    parts = urlsplit(site.settings.base_url)
    return f"{parts.netloc}{parts.path}/{lang}/{CODES}/"


def landing(site: Site, lang: str, path: str) -> str:
    """Return the whole address of a path below a language."""
    return f"{site.settings.base_url}/{lang}/{path}"


def issues(site: Site, lang: str) -> list[Issue]:
    """Return everything we issued, the newest first."""
    return site.once(("issues", lang), lambda: sorted(_all(site, lang), key=_newest))


def _all(site: Site, lang: str) -> Iterator[Issue]:
    for handout in site.library.handouts.values():
        yield handout_issue(site, handout, lang)
    for alert in site.library.alerts.values():
        yield alert_issue(site, alert, lang)


def _newest(issue: Issue) -> tuple[int, str]:
    return -issue.issued.toordinal(), issue.path


def subject_of(site: Site, handout: Handout) -> str:
    """Return the address, below the language, of the page that a handout is about."""
    if handout.kind != "form":
        return handout.page
    forms = site.library.forms.current()
    return next(form.address for form in forms if form.id == handout.page)


def handout_issue(site: Site, handout: Handout, lang: str) -> Issue:
    """Return what is said about a handout."""
    words = words_for(site, lang)
    about = page_address(lang, subject_of(site, handout))
    title = (
        site.library.strings.text(f"form-{handout.page}.title", lang)
        if handout.kind == "form"
        else site.title(handout.page, lang)
    )
    ended = handout.ended and day_in_words(handout.ended, words.language)
    newer = site.library.handouts.get(handout.replaced_by or "")
    return Issue(
        kind=words(f"kinds.{handout.kind}"),
        title=title,
        code=grouped(handout.code),
        path=f"{CODES}/" if handout.sample else _path_of(handout.code),
        about=about,
        issued=handout.issued,
        issued_text=words("issued", day=day_in_words(handout.issued, words.language)),
        holds=handout.state == "holds",
        state=words(f"states.{handout.state}", day=ended or ""),
        newer=f"/{lang}/{_path_of(newer.code)}" if newer else "",
        sample=handout.sample,
    )


def alert_issue(site: Site, alert: Alert, lang: str) -> Issue:
    """Return what is said about an alert; a sample has no code of its own, so its page is it."""
    words, document = words_for(site, lang), alert_document(site, alert, lang)
    own = f"alerts/{alert.id}/"
    status = document["status"]
    day = document.get(f"{status}_on_text") or document["expires_text"]
    return Issue(
        kind=words("kinds.alert"),
        title=document["title"],
        code=document["code"],
        path=own if alert.sample else _path_of(alert.code),
        about=f"/{lang}/{own}",
        issued=alert.issued,
        issued_text=words("issued", day=day_in_words(alert.issued, words.language)),
        holds=status == "active",
        state=words(f"states.{'holds' if status == 'active' else status}", day=day),
        newer=document["replaced_by"] or "",
        sample=alert.sample,
    )


def _path_of(code: str) -> str:
    # Without the check character, which may be one that addresses do not like.
    return f"{CODES}/{code[:LENGTH].lower()}/"
