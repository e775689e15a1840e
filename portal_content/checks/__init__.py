"""What a person should know about content/ before it is published: one rule a module."""

from collections.abc import Sequence

from portal_content.checks import (
    alerts,
    briefings,
    contacts,
    forms,
    glossary,
    handouts,
    headings,
    identities,
    links,
    money,
    pictures,
    placeholders,
    recordings,
    reviews,
    samples,
    sentences,
    strings,
    translations,
)
from portal_content.errors import Problem
from portal_content.library import Library

MISLEADING = (
    links.check,
    headings.check,
    identities.check,
    money.check,
    pictures.check,
    recordings.check,
    glossary.check,
    contacts.check,
    strings.check,
    forms.check,
    briefings.check,
    alerts.check,
    handouts.check,
)
"""What these report would mislead readers or leave them without a way: the build refuses it."""
ADVICE = (
    sentences.check,
    translations.check,
    reviews.check,
    briefings.advice,
    alerts.advice,
    handouts.advice,
)
"""What these report is told to editors; readers are told of it where it concerns them."""


def misleading(library: Library, *, production: bool) -> list[Problem]:
    """Return what the build must refuse, by file and line.

    Args:
        library: The loaded content.
        production: Whether it is for real use, where a placeholder is a problem too.
    """
    rules = (*MISLEADING, placeholders.check, samples.check) if production else MISLEADING
    return _sorted([problem for rule in rules for problem in rule(library)])


def check_content(library: Library, *, production: bool) -> list[Problem]:
    """Return everything that an editor should know, by file and line; arguments as above."""
    advice = [problem for rule in ADVICE for problem in rule(library)]
    return _sorted([*misleading(library, production=production), *advice])


def _sorted(problems: Sequence[Problem]) -> list[Problem]:
    return sorted(problems, key=lambda problem: (problem.path, problem.line))
