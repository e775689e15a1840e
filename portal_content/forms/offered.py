"""What a form offers in a language and on a day: consents, and meetings to register for."""

from datetime import date

from portal_content.briefings.definition import Briefing
from portal_content.dates import day_in_words
from portal_content.forms.definition import Form, FormConsent
from portal_content.library import Library


def offered_consents(form: Form, library: Library, lang: str) -> list[FormConsent]:
    """Return the consents whose text exists in a language; no other is ever asked for in it."""
    languages = library.consent_languages
    return [wanted for wanted in form.consents if lang in languages[wanted.id]]


def open_meetings(library: Library, lang: str, today: date) -> list[tuple[str, str]]:
    """Return the meetings that one can register for on a day: their ids and how they are named."""
    return [
        (briefing.id, _named(briefing, library, lang))
        for briefing in library.briefings.values()
        if briefing.takes_registrations(today)
    ]


def meetings_with_seats(library: Library, lang: str, today: date) -> list[tuple[str, str]]:
    """Return the meetings at which somebody may have a seat, also those that take nobody more."""
    return [
        (briefing.id, _named(briefing, library, lang))
        for briefing in library.briefings.values()
        if briefing.registration.needed and not briefing.is_past(today)
    ]


def meeting_named(library: Library, lang: str, meeting: str) -> str:
    """Return how a meeting is named; its id if it is not in the content (any more)."""
    briefing = library.briefings.get(meeting)
    return _named(briefing, library, lang) if briefing else meeting


def _named(briefing: Briefing, library: Library, lang: str) -> str:
    day = day_in_words(briefing.start.date(), library.languages[lang])
    return f"{briefing.title(lang)} · {day}"
