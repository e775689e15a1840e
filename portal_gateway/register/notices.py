"""What officers should know before they start: the line, what was set aside, keys that expire."""

from dataclasses import dataclass
from datetime import datetime

from sqlmodel import Session, col, func, select

from portal_gateway.arrivals import WAITING_FOR_A_PERSON, Arrival
from portal_gateway.connectors.health import needing_a_person
from portal_gateway.keys import Keys, days_left
from portal_gateway.link import link_state
from portal_gateway.register.openings import requests_for
from portal_gateway.register.pages import Words
from portal_gateway.register.requests import Desk
from portal_gateway.steps.pushing import waiting_parcels

WARN_DAYS = 30


@dataclass(frozen=True)
class Notice:
    """One sentence, with where to look."""

    text: str
    urgent: bool = False
    href: str = ""
    link: str = ""


def notices(desk: Desk, keys: Keys) -> list[Notice]:
    """Return what is worth knowing now, the most urgent first."""
    session, words = desk.session, desk.words
    found = [_openings(desk), _line(session, words), _set_aside(session, words)]
    found += [_systems(desk), _keys(words, keys, now=desk.now)]
    waiting = waiting_parcels(session)
    if waiting:
        found.append(Notice(words.plural("notices.replies", waiting)))
    return sorted((n for n in found if n), key=lambda notice: not notice.urgent)


def contact_line(session: Session, words: Words) -> str:
    """Return when the portal was last reached."""
    last = link_state(session).last_contact
    if last is None:
        return words.text("notices.never")
    return words.text("notices.last_contact", time=words.moment(last))


def _openings(desk: Desk) -> Notice | None:
    queues = desk.rights.reads
    count = len(requests_for(desk.session, desk.officer, queues, now=desk.now))
    if not count:
        return None
    text = desk.words.plural("opening.notice", count)
    return Notice(text, urgent=True, href="/openings", link=desk.words.text("notices.look"))


def _line(session: Session, words: Words) -> Notice | None:
    trouble = link_state(session).trouble
    if trouble is None:
        return None
    why = words.text(f"trouble.{trouble}")
    return Notice(words.text("notices.trouble", trouble=why), urgent=True)


def _set_aside(session: Session, words: Words) -> Notice | None:
    waiting = col(Arrival.state).in_(WAITING_FOR_A_PERSON)
    count = session.exec(select(func.count()).select_from(Arrival).where(waiting)).one()
    if not count:
        return None
    text = words.plural("notices.set_aside", count)
    return Notice(text, urgent=True, href="/set-aside", link=words.text("notices.look"))


def _systems(desk: Desk) -> Notice | None:
    """Tell whoever may do something about it that other systems wait for a person."""
    if not desk.rights.answers:
        return None
    count = needing_a_person(desk.session)
    if not count:
        return None
    text = desk.words.plural("connectors.notice", count)
    return Notice(text, urgent=True, href="/systems", link=desk.words.text("notices.look"))


def _keys(words: Words, keys: Keys, *, now: datetime) -> Notice | None:
    left = days_left(keys, now.date())
    if left > WARN_DAYS:
        return None
    if left < 0:
        return Notice(words.text("notices.keys_expired"), urgent=True)
    return Notice(words.plural("notices.keys", left), urgent=True)
