"""Pages are looked at again in time, those about somebody's safety above all (DR-22)."""

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta

from portal_content.errors import Problem
from portal_content.library import Library


def check(library: Library) -> Iterator[Problem]:
    """Report pages whose next review is overdue; unreviewed ones say so to their readers."""
    today = datetime.now(UTC).date()
    for page in library.pages.values():
        reviewed = page.meta.reviewed
        if reviewed is None:
            continue
        due = reviewed + timedelta(days=page.meta.review_every)
        if due < today:
            kind = "safety page" if page.meta.is_safety else "page"
            yield Problem(page.path, 1, f"this {kind} was due for review on {due}")
