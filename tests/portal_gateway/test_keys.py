"""The service does not start with keys that families' browsers would not fit."""

import dataclasses

import pytest

from portal_gateway.errors import KeysUnfit, TryLater
from portal_gateway.handover import Handover
from portal_gateway.keys import days_left, load_keys
from portal_gateway.settings import GatewaySettings
from portal_protocol.age import HybridIdentity
from portal_protocol.notes import SigningKey
from tests.portal_api.factories import TODAY, Office
from tests.portal_gateway.zones import gateway_settings, listening


@pytest.fixture
def settings(tmp_path_factory: pytest.TempPathFactory, office: Office) -> GatewaySettings:
    folder = tmp_path_factory.mktemp("keys")
    return gateway_settings(folder, office, database_url="sqlite://", url="http://127.0.0.1:9")


def test_keys_that_fit_are_taken_and_never_printed(
    settings: GatewaySettings, office: Office
) -> None:
    keys = load_keys(settings)

    assert keys.replies.text == office.replies.text
    assert days_left(keys, TODAY) == 90
    assert "PRIVATE" not in repr(keys)
    assert "SECRET" not in repr(keys)


def test_a_replies_key_that_browsers_would_not_believe_is_refused(
    settings: GatewaySettings,
) -> None:
    settings.replies_key.write_text(SigningKey.generate("test/replies").text)

    with pytest.raises(KeysUnfit, match="would not believe"):
        load_keys(settings)


def test_identities_that_open_nothing_are_refused(settings: GatewaySettings) -> None:
    for path in settings.identities:
        path.write_text(HybridIdentity.generate().text)

    with pytest.raises(KeysUnfit, match="no identity here"):
        load_keys(settings)


@pytest.mark.parametrize("spoiled", ["key_list", "replies_key"])
@pytest.mark.parametrize("content", ["", "nonsense", "\ufffd"])
def test_a_damaged_file_is_refused(settings: GatewaySettings, spoiled: str, content: str) -> None:
    getattr(settings, spoiled).write_text(content, encoding="utf-8")

    with pytest.raises(KeysUnfit):
        load_keys(settings)


def test_a_key_list_with_one_root_signature_is_refused(
    settings: GatewaySettings, office: Office
) -> None:
    settings.key_list.write_text(office.key_list(signers=(0,)))

    with pytest.raises(KeysUnfit, match="damaged"):
        load_keys(settings)


def test_a_missing_file_is_named(settings: GatewaySettings) -> None:
    settings.identities[0].unlink()

    with pytest.raises(KeysUnfit, match=r"intake\.identity"):
        load_keys(settings)


@pytest.mark.parametrize(
    "body",
    [
        pytest.param(b"", id="nothing"),
        pytest.param(b"[]", id="another shape"),
        pytest.param(b'{"submissions": "x"}', id="no list"),
        pytest.param(b"[" * 100_000, id="nested without end"),
        pytest.param(b" " * 1_100_000, id="without end"),
    ],
)
def test_a_portal_that_answers_nonsense_is_asked_again_later(body: bytes) -> None:
    with listening(answering(body)) as url:
        line = Handover(url, "x")
        with pytest.raises(TryLater, match="answer_unclear"):
            line.waiting()
        line.close()


def test_names_that_are_no_ids_are_left_out() -> None:
    good = "a" * 64
    body = f'{{"submissions": ["../../etc", 7, "{good.upper()}", "{good}", "{good[1:]}"]}}'

    with listening(answering(body.encode())) as url:
        line = Handover(url, "x")
        listed = line.waiting()
        line.close()

    assert listed == [good]


@dataclasses.dataclass
class answering:  # noqa: N801 (reads as a word where it is used)
    """A listener that gives the same answer to everything."""

    body: bytes

    async def __call__(self, scope: object, receive: object, send: object) -> None:
        assert callable(send)
        await send({"type": "http.response.start", "status": 200, "headers": []})
        await send({"type": "http.response.body", "body": self.body})
