"""The load benchmark works: it drives both services for a moment and finds every receipt kept."""

import re

import pytest
from sqlmodel import Session, col, delete

from benchmarks import intake
from benchmarks.intake import ReceiptLost, measure
from benchmarks.senders import submission
from portal_api.database import create_engine
from portal_api.submissions.tables import Submission
from tests.portal_api.factories import Office, seal_submission


@pytest.mark.parametrize("engine", ["sqlite", "postgresql"])
def test_a_moment_of_load_is_measured_and_nothing_is_lost(engine: str) -> None:
    figures = measure(seconds=2, clients=(2,), engines=[engine])

    assert figures[f"{engine}_errors"] == 0
    assert figures[f"{engine}_accepted"] > 10
    assert figures[f"{engine}_ratio"] > 0
    assert 0 < figures[f"{engine}_2_clients_p50_ms"] <= figures[f"{engine}_2_clients_p99_ms"]
    assert figures[f"{engine}_megabytes"] > 20
    assert figures[f"{engine}_bytes_on_disk_each"] > 8192
    assert figures[f"{engine}_floor_bytes_on_disk_each"] > 8192


def test_a_receipt_for_what_is_gone_is_found(monkeypatch: pytest.MonkeyPatch) -> None:
    """The benchmark could not be trusted if it never failed."""
    honest = intake.check_kept

    def lose_one(service: intake.Service, office: Office) -> None:
        engine = create_engine(service.database_url)
        with Session(engine) as session, session.begin():
            lost = next(iter(service.receipts))
            session.exec(delete(Submission).where(col(Submission.id) == lost))
        engine.dispose()
        honest(service, office)

    monkeypatch.setattr(intake, "check_kept", lose_one)

    with pytest.raises(ReceiptLost, match=r"^1 of "):
        measure(seconds=1, clients=(1,), engines=["sqlite"])


def test_no_submission_is_like_another(office: Office) -> None:
    envelope = seal_submission(office).envelope
    made = [submission(envelope) for _ in range(50)]

    assert len({name for name, _ in made}) == 50
    assert len({body for _, body in made}) == 50
    assert all(re.fullmatch("[0-9a-f]{64}", name) for name, _ in made)
    assert len({len(body) for _, body in made}) == 1
