"""What a person should know about content/ before it is published: one rule a module."""

from portal_content.checks import contacts, headings, links, money, placeholders, strings
from portal_content.errors import Problem
from portal_content.library import Library

RULES = (links.check, headings.check, money.check, contacts.check, strings.check)


def check_content(library: Library, *, production: bool) -> list[Problem]:
    """Run every rule.

    Args:
        library: The loaded content.
        production: Whether it is for real use, where a placeholder is a problem too.

    Returns:
        Problems by file and line.
    """
    problems = [problem for rule in RULES for problem in rule(library)]
    if production:
        problems += placeholders.check(library)
    return sorted(problems, key=lambda problem: (problem.path, problem.line))
