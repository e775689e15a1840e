"""The whole ceremony with throw-away keys: every step of docs/ceremony.md, and every refusal."""

from collections.abc import Callable, Iterator, Sequence
from contextlib import closing, contextmanager
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, time
from pathlib import Path

from rich.console import Console

from portal.commands.signing import assembled
from portal.destroying import Person, destroy
from portal.key_lists import (
    CeremonyStopped,
    all_lists,
    described,
    first_list,
    next_list,
    publish_list,
    read_recipient,
    term,
)
from portal.rehearsal_rooms import Rooms, Service, running_service
from portal.settings import gateway_settings
from portal_content.library import Library
from portal_gateway.audit_check import verify
from portal_gateway.handover import Handover
from portal_gateway.keys import SecretFiles, read_credential
from portal_gateway.run import Gateway, take_turn
from portal_gateway.server import open_gateway
from portal_protocol.age import Identity, open_sealed
from portal_protocol.age_passphrase import WORK
from portal_protocol.errors import NoIdentityMatches
from portal_protocol.key_list import KeyList
from portal_protocol.secret_files import read_identity
from portal_protocol.submissions import unpack_submission

OLD, NEW, RESERVE = "intake-a", "intake-b", "reserve"


@dataclass
class Ceremony:
    """A rehearsal under way."""

    rooms: Rooms
    library: Library
    console: Console
    today: date
    record: list[str] = field(default_factory=list)
    sealed: dict[str, bytes] = field(default_factory=dict)
    """Sealed envelopes by the name of the key that is meant to open them, kept as a thief would."""

    def say(self, line: str) -> None:
        """Say a step, and put it on the record."""
        self.record.append(line)
        self.console.print(line, soft_wrap=True, markup=False, highlight=False)

    def refused(self, what: str, attempt: Callable[[], object]) -> None:
        """Try what must be refused.

        Raises:
            CeremonyStopped: If it is not.
        """
        try:
            attempt()
        except CeremonyStopped as stopped:
            self.say(f"   refused, as it must be: {what} ({stopped})")
            return
        raise CeremonyStopped(f"this was not refused: {what}")


def rehearse(
    folder: Path, library: Library, console: Console, *, today: date, work: int = WORK
) -> None:
    """Play the whole ceremony.

    Args:
        folder: Where; it must be empty. What is made there must never be used.
        library: Forms, for the messages that are sent.
        console: Where to tell what happens.
        today: The day of the rehearsal.
        work: Doublings of the work for a guess; less than WORK is for tests.

    Raises:
        CeremonyStopped: If anything went another way than it must.
    """
    folder.mkdir(parents=True, exist_ok=True, mode=0o700)
    if any(folder.iterdir()):
        raise CeremonyStopped(f"{folder} is not empty")
    play = Ceremony(Rooms(folder, work), library, console, today)
    play.say(f"Rehearsal of {today}. These keys are for throwing away.")
    first = _begin(play)
    with running_service(play.rooms, library) as service:
        _first_message(play, service)
        second = _rotate(play, service, first)
        _messages_in_the_overlap(play, service, first, second)
        _destroy(play, service)
    _prove(play)
    play.say("The rehearsal went as it must. Destroy this folder.")
    (folder / "record.txt").write_text("".join(f"{one}\n" for one in play.record), encoding="utf-8")


def _begin(play: Ceremony) -> KeyList:
    rooms, held = play.rooms, play.rooms.gateway.protected
    play.say("1. Three root holders make their keys, each in their own room.")
    roots = [
        rooms.make_signer(rooms.room(f"root-holder-{n}") / "root.key", f"root{n}") for n in range(3)
    ]
    play.say("2. The key keeper and the keeper of the reserve make theirs.")
    rooms.make_credential()
    public = [
        rooms.make_key(held, OLD, play.today)[0],
        rooms.make_key(rooms.room("reserve-safe"), RESERVE, play.today)[0],
    ]
    signers = {
        # The service signs receipts day and night, so nobody can type for it.
        "receipts": rooms.make_signer(rooms.portal.receipt_key, "receipts", closed=False),
        "log": rooms.make_signer(rooms.portal.log_key, "log", closed=False),
        "replies": rooms.make_signer(rooms.gateway.replies_key, "replies"),
        "letters": rooms.make_signer(rooms.gateway.letters_key, "letters"),
    }
    for place in (rooms.portal, rooms.gateway):
        place.public.mkdir(parents=True, exist_ok=True)
        text = "".join(f"{root.text}\n" for root in roots)
        place.roots.write_text(text, encoding="ascii")
    recipients = dict(read_recipient(path) for path in public)
    deployment = rooms.settings("portal").deployment
    keys = first_list(deployment, recipients, signers, today=play.today)
    _sign_and_publish(play, keys, holders=(0, 2))
    return keys


def _sign_and_publish(play: Ceremony, keys: KeyList, *, holders: tuple[int, int]) -> None:
    for line in described(keys):
        play.say(f"   {line}")
    signed: list[str] = []
    copies = [play.rooms.sign(keys.to_text(), holder, signed) for holder in holders]
    settings = [play.rooms.settings(machine) for machine in ("gateway", "portal")]
    play.refused(
        "a list that one root has signed",
        lambda: publish_list(settings[0], copies[0], today=play.today),
    )
    for one in settings:
        publish_list(one, assembled(copies), today=play.today)
    play.say(
        f"   signed by {' and '.join(signed)}; published at the gateway and then at the portal"
    )


def _first_message(play: Ceremony, service: Service) -> None:
    play.say("3. Somebody writes under the first list.")
    _write(play, service, OLD)


def _rotate(play: Ceremony, service: Service, first: KeyList) -> KeyList:
    play.say(f"4. Rotation: {NEW} comes in, {OLD} goes out.")
    public, _ = play.rooms.make_key(play.rooms.gateway.protected, NEW, play.today)
    new = dict([read_recipient(public)])
    second = next_list(first, new=new, out=[OLD], today=play.today)
    _sign_and_publish(play, second, holders=(1, 2))
    if not service.shows(second):
        raise CeremonyStopped("the portal does not show the new list")
    return second


def _messages_in_the_overlap(
    play: Ceremony, service: Service, first: KeyList, second: KeyList
) -> None:
    play.say("5. Somebody writes on a page from before, somebody else on a fresh one.")
    _write(play, service, f"{OLD}, page from before", loaded=first)
    _write(play, service, NEW)
    play.say(f"   all arrived; the portal shows list {second.serial}")


def _destroy(play: Ceremony, service: Service) -> None:
    settings = play.rooms.settings("gateway", handover_url=service.handover_url)
    recipient = read_recipient(play.rooms.gateway.protected / f"{OLD}.recipient")[1]
    found = term(all_lists(settings), recipient)
    if found is None or found.free is None:
        raise CeremonyStopped("the old key is not out of the lists")
    typed = [OLD]
    quiet = Console(quiet=True)
    person = Person("key-keeper", play.rooms.ask, lambda: typed[-1])

    def attempt(day: date) -> None:
        destroy(settings, OLD, person, quiet, now=_noon(day))

    play.say(f"6. The end of {OLD}.")
    play.refused("to destroy it today", lambda: attempt(play.today))
    free = found.free
    play.say(f"   Let it be {free}, and nobody has looked at the portal yet.")
    play.refused("to destroy it while messages wait", lambda: attempt(free))
    with _gateway(play, url=service.handover_url) as gateway:
        take_turn(gateway, now=_noon(free).replace(hour=13))
    play.say("   The gateway has opened, registered and acknowledged everything.")
    typed.append(NEW)
    play.refused("to destroy it under another name", lambda: attempt(free))
    typed.append(OLD)
    attempt(free)
    play.say(f"   {OLD} is destroyed, and the audit says so.")


def _prove(play: Ceremony) -> None:
    play.say("7. What opens what, now.")
    with _gateway(play, url="http://127.0.0.1:9") as gateway:
        left = gateway.keys.identities
        if verify(gateway.engine, []).found:
            raise CeremonyStopped("the audit is not whole")
    reserve_file = play.rooms.room("reserve-safe") / f"{RESERVE}.identity"
    reserve = [read_identity(SecretFiles(play.rooms.ask).read(reserve_file))]
    for name, envelope in play.sealed.items():
        here, there = _opens(envelope, left), _opens(envelope, reserve)
        if here != (name == NEW) or not there:
            raise CeremonyStopped(f"what was sealed to {name} opens for the wrong people")
        with_us = "opens" if here else "DOES NOT OPEN"
        play.say(f"   sealed to {name}: {with_us} at the gateway, opens with the reserve")
    if (play.rooms.gateway.protected / f"{OLD}.identity").exists():
        raise CeremonyStopped("the file of the old key is still there")


def _write(play: Ceremony, service: Service, key: str, *, loaded: KeyList | None = None) -> None:
    arrived = service.write(f"Rehearsal: {key}", play.today, loaded=loaded)
    submission = arrived.receipt.submission
    zone = gateway_settings(play.rooms.settings("gateway", handover_url=service.handover_url))
    with closing(Handover(zone.handover_url, read_credential(zone))) as line:
        play.sealed[key] = unpack_submission(line.delivery(submission))[1]
    play.say(f"   received: {submission[:12]}, sealed to {key} and the reserve")


@contextmanager
def _gateway(play: Ceremony, *, url: str) -> Iterator[Gateway]:
    settings = gateway_settings(play.rooms.settings("gateway", handover_url=url))
    with closing(open_gateway(settings, play.library, ask=play.rooms.ask)) as gateway:
        yield gateway


def _opens(envelope: bytes, identities: Sequence[Identity]) -> bool:
    try:
        open_sealed(envelope, identities)
    except NoIdentityMatches:
        return False
    return True


def _noon(day: date) -> datetime:
    return datetime.combine(day, time(12), UTC)
