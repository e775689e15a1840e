"""Keys of names: so coarse that every spelling of a name has the same one, in both scripts.

They only choose what is compared; whether two names are alike, `portal_gateway.names` says.
"""

from collections.abc import Iterable
from itertools import pairwise

from sqlmodel import Session, col, select

from portal_gateway.cases import Case
from portal_gateway.database import save_once
from portal_gateway.names.compare import MOST_PARTS
from portal_gateway.names.known import known_names, sound_key
from portal_gateway.names.words import parts_of, run_together, with_article
from portal_gateway.sought.records import SEARCH, names_of
from portal_gateway.sought.rows import NameKey

LONGEST_KEY = 32
MADE_BY = "~3"
"""Key of every request whose keys were made by the rules of today; counted up when they change."""
BREATH = "-"
"""Key of a part that has none of the consonants that keys are made of: يحيى, آية."""


def keys_of(name: str) -> frozenset[str]:
    """Return the keys of the parts of a name.

    Args:
        name: As somebody wrote it, in any script.
    """
    parts = parts_of(name)[:MOST_PARTS]
    read = [reading for part in parts for reading in part.readings]
    texts = [text for reading in read for text in (reading.text, *reading.spellings)]
    # Two spellings of one known name need not sound alike: ادوار and ادوارد.
    texts += [name for text in texts for name in known_names(text)]
    # Who wrote two parts without a space has their key as one, or all of them.
    for one, other in pairwise(parts):
        texts += [one.text + other.text, run_together((one, other)).text]
    texts += ["".join(with_article(part) for part in parts)] if parts else []
    return frozenset(sound_key(text)[:LONGEST_KEY] or BREATH for text in texts)


def index_missing(session: Session) -> None:
    """Make keys for the requests that have none yet by these rules, so that they can be found."""
    indexed = select(NameKey.case_id).where(NameKey.key == MADE_BY)
    wanted = select(Case).where(Case.type == SEARCH, col(Case.id).not_in(indexed))
    # In one order: two pages that do this at once wait for each other, and never in a ring.
    for case in session.exec(wanted.order_by(col(Case.id))).all():
        keys = {key for name in names_of(case) for key in keys_of(name)}
        for key in sorted({*keys, MADE_BY}):
            save_once(session, NameKey(case_id=case.id, key=key))


def cases_with(session: Session, keys: Iterable[str]) -> dict[str, int]:
    """Return the cases that share keys, with how many."""
    rows = session.exec(select(NameKey).where(col(NameKey.key).in_(sorted(keys)))).all()
    shared: dict[str, int] = {}
    for row in rows:
        shared[row.case_id] = shared.get(row.case_id, 0) + 1
    return shared
