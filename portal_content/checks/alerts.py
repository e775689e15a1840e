"""An alert describes a pattern, never a person or a number, and says where to check it."""

from collections.abc import Iterator

from portal_content.errors import Problem
from portal_content.library import Library
from portal_content.records import (
    check_languages,
    check_words,
    leads_back,
    line_with,
    missing_languages,
)


def check(library: Library) -> Iterator[Problem]:
    """Report links and numbers in texts, and references that lead nowhere."""
    channels = {channel.id for channel in library.channels}
    for alert in library.alerts.values():
        path = library.root / "content" / "alerts" / f"{alert.id}.yml"
        yield from check_words(path, alert.words())
        yield from check_languages(path, alert.texts, library.languages)
        if alert.check_at not in channels:
            message = f"content/channels.yml has no {alert.check_at}"
            yield Problem(path, line_with(path, "check_at:"), message)
        if alert.replaced_by is not None and alert.replaced_by not in library.alerts:
            line = line_with(path, "replaced_by:")
            yield Problem(path, line, f"there is no alert {alert.replaced_by}")
        elif leads_back(alert.id, {one.id: one.replaced_by for one in library.alerts.values()}):
            line = line_with(path, "replaced_by:")
            yield Problem(path, line, "replaced_by leads in a circle")


def advice(library: Library) -> Iterator[Problem]:
    """Report alerts that are not in every language yet."""
    for alert in library.alerts.values():
        path = library.root / "content" / "alerts" / f"{alert.id}.yml"
        yield from missing_languages(path, alert.texts, library.languages)
