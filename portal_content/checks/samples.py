"""What was made up to show how the portal works is not published as if it were real."""

from collections.abc import Iterator

from portal_content.errors import Problem
from portal_content.library import Library


def check(library: Library) -> Iterator[Problem]:
    """Report every sample."""
    for folder, records in (
        ("briefings", library.briefings),
        ("alerts", library.alerts),
        ("handouts", library.handouts),
    ):
        for record in records.values():
            if record.sample:
                path = library.root / "content" / folder / f"{record.id}.yml"
                yield Problem(path, 1, f"{record.id} is a sample; take it out")
