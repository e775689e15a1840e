"""Opening, checking and routing at the gateway, against the bare cost of decryption.

Both in one process and in turn, on the same submissions. What counts is the time of the processor:
the gateway may run on as many cores as there are, and waiting for a disk takes none. How many come
into the register in a second of the clock, one after the other with each on disk, stands beside it.
"""

import gc
import tempfile
import time
from collections.abc import Iterator, Sequence
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

from portal_content.library import Library, load_library
from portal_gateway.arrivals import TOGETHER, ArrivalState, list_arrival, move
from portal_gateway.database import transaction
from portal_gateway.flags import flags, queue
from portal_gateway.protected_files import ENVELOPE, MANIFEST
from portal_gateway.run import Gateway
from portal_gateway.steps.checking import Checked
from portal_gateway.steps.registering import Ready, register
from portal_protocol.age import open_sealed
from tests.portal_api.factories import ROOT, Office
from tests.portal_gateway.families import MORE, Sent, filled_form, write
from tests.portal_gateway.zones import gateway_settings, open_for_tests
from tests.postgresql import running_postgresql

TURNS = 6
"""Parts of the submissions, opened in full and only decrypted one after the other."""
WARMING = 12
"""Of them, brought in first and not counted, half of them alone: statements are compiled once."""
SUBMISSIONS = WARMING + TURNS * 4 * TOGETHER
"""So many that half of each part is taken in whole lots, as when many wait."""
OF_DECRYPTION = 0.5
"""Goal: so many of what bare decryption could open."""
NOW = datetime(2026, 11, 20, 12, tzinfo=UTC)
NOWHERE = "http://127.0.0.1:9"
"""Nothing is pulled here."""


@dataclass
class Spent:
    """Seconds of the processor, and of the clock."""

    processor: float = 0.0
    clock: float = 0.0
    count: int = 0

    @property
    def each(self) -> float:
        """Seconds of the processor for one."""
        return self.processor / self.count


def measure(
    submissions: int = SUBMISSIONS, engines: Sequence[str] = ("sqlite", "postgresql")
) -> dict[str, float]:
    """Bring submissions into the register on each engine.

    Args:
        submissions: How many on each.
        engines: Which databases.

    Returns:
        Figures by name; `<engine>_ratio` is submissions a second of one core that come into the
        register, several at a time, against those that bare decryption opens in it; `routed` are
        opened, checked and routed without anything being written down.
    """
    library, office = load_library(ROOT), Office()
    form = filled_form(library, answers=dict(MORE))
    sent = [write(office, form) for _ in range(submissions)]
    figures: dict[str, float] = {}
    for engine in engines:
        for name, value in _on(engine, library, office, sent):
            figures[f"{engine}_{name}"] = value
    return figures


def _on(
    engine: str, library: Library, office: Office, sent: Sequence[Sent]
) -> Iterator[tuple[str, float]]:
    with ExitStack() as stack:
        folder = Path(stack.enter_context(tempfile.TemporaryDirectory(prefix="portal-bench-")))
        url = f"sqlite:///{folder / 'register.sqlite'}"
        if engine == "postgresql":
            server = stack.enter_context(running_postgresql())
            url = stack.enter_context(server.new_database())
        settings = gateway_settings(folder / "protected", office, database_url=url, url=NOWHERE)
        gateway = stack.enter_context(open_for_tests(settings, library))
        for one in sent:
            _fetched(gateway, one)
        yield from _measured(gateway, sent)


def _measured(gateway: Gateway, sent: Sequence[Sent]) -> Iterator[tuple[str, float]]:
    alone, together, routed, bare = Spent(), Spent(), Spent(), Spent()
    for one in sent[: WARMING // 2]:
        _into_the_register(gateway, [one])
    _into_the_register(gateway, sent[WARMING // 2 : WARMING])
    # What the start left behind is collected now, not in whichever part it would happen to fall;
    # what stays is not looked through again, as in the service.
    gc.collect()
    gc.freeze()
    counted = sent[WARMING:]
    for turn in range(TURNS):
        part = counted[turn::TURNS]
        with _timing(bare):
            for one in part:
                open_sealed(one.envelope, gateway.keys.identities)
        with _timing(routed):
            for start in range(0, len(part), TOGETHER):
                _routed(gateway, part[start : start + TOGETHER])
        half = len(part) // 2
        with _timing(alone):
            for one in part[:half]:
                _into_the_register(gateway, [one])
        alone.count += half
        with _timing(together):
            for start in range(half, len(part), TOGETHER):
                _into_the_register(gateway, part[start : start + TOGETHER])
        together.count += len(part) - half
    gc.unfreeze()
    bare.count = routed.count = len(counted)
    yield "a_second_of_one_core", 1 / together.each
    yield "alone_a_second_of_one_core", 1 / alone.each
    yield "routed_a_second_of_one_core", 1 / routed.each
    yield "decryption_a_second_of_one_core", 1 / bare.each
    yield "ratio", bare.each / together.each
    yield "alone_ratio", bare.each / alone.each
    yield "routed_ratio", bare.each / routed.each
    yield "a_second_one_after_the_other", alone.count / alone.clock
    yield "a_second_together", together.count / together.clock


def _fetched(gateway: Gateway, sent: Sent) -> None:
    gateway.sealed.put(sent.id, ENVELOPE, sent.envelope)
    gateway.sealed.put(sent.id, MANIFEST, sent.manifest.to_bytes())
    with transaction(gateway.engine) as session:
        list_arrival(session, sent.id, now=NOW)
        move(session, sent.id, ArrivalState.FETCHED, now=NOW)


def _into_the_register(gateway: Gateway, several: Sequence[Sent]) -> None:
    """Do what the gateway's loop does with those that are fetched and wait together."""
    opened = zip(several, _opened(gateway, several), strict=True)
    ready = [Ready.of(one.id, checked) for one, checked in opened]
    with transaction(gateway.engine) as session:
        register(session, ready, keys=gateway.keys, library=gateway.library, now=NOW)


def _opened(gateway: Gateway, several: Sequence[Sent]) -> list[Checked]:
    opened = gateway.opening.several([one.id for one in several])
    return [checked for checked in opened if checked is not None]


def _routed(gateway: Gateway, several: Sequence[Sent]) -> None:
    """Open, check and say where each belongs, without writing anything down."""
    for _, checked in zip(several, _opened(gateway, several), strict=True):
        envelope, answers = checked.envelope, checked.filled.answers
        queue(envelope.type, answers)
        flags(envelope.type, answers, envelope.date)


@contextmanager
def _timing(spent: Spent) -> Iterator[None]:
    """Add what passes inside to a sum."""
    processor, clock = time.process_time(), time.perf_counter()
    yield
    spent.processor += time.process_time() - processor
    spent.clock += time.perf_counter() - clock
