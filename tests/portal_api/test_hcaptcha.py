"""hCaptcha behind its wrapper, against a stand-in of its verify address on this machine.

The stand-in speaks HTTP as the real one does; hCaptcha itself is never asked by a test.
"""

import json
import logging
import time
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, contextmanager
from pathlib import Path
from urllib.parse import parse_qs

import pytest
from starlette.testclient import TestClient

from portal_api.abuse.hcaptcha import HCaptcha, open_captcha
from portal_api.abuse.settings import AbuseSettings
from portal_api.app import create_app
from portal_api.operations.store import open_store
from portal_content.library import Library
from portal_protocol.passes import HEADER
from tests.browser.serving import Answer, Request, serving
from tests.loops import run_apart
from tests.portal_api.factories import TODAY, Office, seal_submission

TEST_SECRET = "0x0000000000000000000000000000000000000000"
TEST_SITEKEY = "10000000-ffff-ffff-ffff-000000000001"
TEST_TOKEN = "10000000-aaaa-bbbb-cccc-000000000001"

Asking = Callable[[Callable[[Request], Answer | None]], AbstractContextManager[TestClient]]


class StandIn:
    """Answers in the place of https://hcaptcha.com/siteverify, as told."""

    def __init__(self, answer: Callable[[Request], Answer | None]) -> None:
        self._answer = answer
        self.asked: list[dict[str, list[str]]] = []

    def __call__(self, request: Request) -> Answer | None:
        self.asked.append(parse_qs(request.body.decode()))
        return self._answer(request)


def says(value: object) -> Answer:
    return Answer(json.dumps(value), kind="application/json")


def solved_by(answer: Callable[[Request], Answer | None], token: str = TEST_TOKEN) -> bool:
    stand_in = StandIn(answer)
    with serving(stand_in) as url:
        captcha = HCaptcha(TEST_SECRET, verification_url=f"{url}/siteverify", seconds=2)
        return run_apart(captcha.is_solved, token)


def test_a_real_success_passes_and_nothing_is_told_about_who_asks() -> None:
    stand_in = StandIn(lambda _: says({"success": True, "hostname": "portal.example.org"}))
    with serving(stand_in) as url:
        captcha = HCaptcha(TEST_SECRET, verification_url=f"{url}/siteverify")
        assert run_apart(captcha.is_solved, TEST_TOKEN)

    assert stand_in.asked == [{"secret": [TEST_SECRET], "response": [TEST_TOKEN]}]


@pytest.mark.parametrize(
    "value",
    [
        pytest.param({"success": False}, id="not solved"),
        pytest.param(
            {"success": False, "error-codes": ["invalid-or-already-seen-response"]}, id="used"
        ),
        pytest.param(
            {"success": False, "error-codes": ["sitekey-secret-mismatch"]}, id="another sitekey"
        ),
        pytest.param(
            {"success": True, "error-codes": ["sitekey-secret-mismatch"]}, id="both at once"
        ),
        pytest.param({"success": "true"}, id="a word"),
        pytest.param({"success": 1}, id="a number"),
        pytest.param({"success": None}, id="nothing"),
        pytest.param({}, id="empty"),
        pytest.param([], id="a list"),
        pytest.param("success", id="a text"),
        pytest.param(None, id="null"),
        pytest.param({"success": True, "error-codes": 5}, id="errors that are none"),
    ],
)
def test_nothing_else_passes(value: object) -> None:
    assert not solved_by(lambda _: says(value))


@pytest.mark.parametrize(
    "answer",
    [
        pytest.param(Answer("<html>please sign in</html>", kind="text/html"), id="a page"),
        pytest.param(Answer("{", kind="application/json"), id="cut off"),
        pytest.param(Answer("", 500), id="broken"),
        pytest.param(None, id="line broken"),
    ],
)
def test_garbage_does_not_pass(answer: Answer | None) -> None:
    assert not solved_by(lambda _: answer)


def test_a_silent_hcaptcha_is_waited_for_no_longer_than_said() -> None:
    def slow(_: Request) -> Answer:
        time.sleep(6)
        return says({"success": True})

    with serving(StandIn(slow)) as url:
        captcha = HCaptcha(TEST_SECRET, verification_url=f"{url}/siteverify", seconds=0.5)
        began = time.monotonic()
        solved = run_apart(captcha.is_solved, TEST_TOKEN)

    assert not solved
    assert time.monotonic() - began < 5


@pytest.mark.parametrize("token", ["", "x" * 8_001])
def test_what_cannot_be_a_token_is_not_even_asked_about(token: str) -> None:
    assert not solved_by(lambda _: says({"success": True}), token)


def test_nobody_is_reached_and_nothing_passes() -> None:
    captcha = HCaptcha(TEST_SECRET, verification_url="http://127.0.0.1:9/siteverify", seconds=2)

    assert not run_apart(captcha.is_solved, TEST_TOKEN)


def test_without_keys_there_is_no_hcaptcha(tmp_path: Path) -> None:
    secret = tmp_path / "secret"
    secret.write_text(TEST_SECRET)

    assert open_captcha(AbuseSettings()) is None
    assert open_captcha(AbuseSettings(hcaptcha_sitekey=TEST_SITEKEY)) is None
    assert open_captcha(AbuseSettings(hcaptcha_secret=secret)) is None
    with pytest.raises(FileNotFoundError):
        open_captcha(
            AbuseSettings(hcaptcha_sitekey=TEST_SITEKEY, hcaptcha_secret=tmp_path / "none")
        )


@pytest.fixture
def asking(office: Office, tmp_path: Path, library: Library) -> Asking:
    @contextmanager
    def with_keys(answer: Callable[[Request], Answer | None]) -> Iterator[TestClient]:
        secret = tmp_path / "secret"
        secret.write_text(TEST_SECRET + "\n")
        with serving(StandIn(answer)) as url:
            abuse = AbuseSettings(
                calm_bits=4,
                hcaptcha_sitekey=TEST_SITEKEY,
                hcaptcha_secret=secret,
                hcaptcha_verification_url=f"{url}/siteverify",
            )
            database = f"sqlite:///{tmp_path / 'portal.sqlite'}"
            settings = office.settings(tmp_path, database_url=database, abuse=abuse)
            store = open_store(settings)
            app = create_app(settings, store, library=library)
            app.state.today = lambda: TODAY
            with TestClient(app) as client:
                yield client
            store.close()

    return with_keys


def test_a_token_is_exchanged_for_a_pass_that_admits_a_submission(
    asking: Asking, office: Office, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.DEBUG)
    with asking(lambda _: says({"success": True})) as api:
        answer = api.post("/v1/passes", json={"hcaptcha": TEST_TOKEN})
        shown = {HEADER: answer.json()["pass"]}
        sent = api.post("/v1/submissions", content=seal_submission(office).body, headers=shown)

    assert (answer.status_code, sent.status_code) == (201, 201)
    assert TEST_SECRET not in caplog.text
    assert TEST_TOKEN not in caplog.text


def test_whom_hcaptcha_does_not_reach_works_a_little_more_and_gets_in(
    asking: Asking,
) -> None:
    with asking(lambda _: None) as api:
        refused = api.post("/v1/passes", json={"hcaptcha": TEST_TOKEN})
        task = api.get("/v1/challenge").json()

    assert refused.json() == {"type": "/problems/pass_needed", "status": 403}
    assert task["bits"] == 4 + 3
