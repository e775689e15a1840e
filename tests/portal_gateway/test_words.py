"""Every word an officer or a family can meet exists, in each language it is needed in."""

import re
from pathlib import Path
from typing import Any

import pytest

from portal_content.library import Library
from portal_content.strings import flattened, plural_form
from portal_gateway.arrivals import ArrivalState
from portal_gateway.audit import Action
from portal_gateway.cases import STATE_AFTER_REPLY, CaseState
from portal_gateway.register.pages import LANGUAGES, SECTIONS
from portal_gateway.steps.opening import REASONS
from portal_protocol.replies import STATUSES

GATEWAY = Path(__file__).parents[2] / "portal_gateway"
SOURCES = "\n".join(path.read_text(encoding="utf-8") for path in GATEWAY.rglob("*.py"))


def words_of(library: Library, lang: str) -> dict[str, Any]:
    """Everything the register says, from all files of its words."""
    sections = [library.strings.section(name, lang) for name in SECTIONS]
    merged: dict[str, Any] = {}
    for section in sections:
        assert not merged.keys() & section.keys()
        merged |= section
    return merged


def codes(*names: str) -> set[str]:
    pattern = rf'(?:{"|".join(names)})\(\s*"([a-z_]+)"'
    return set(re.findall(pattern, SOURCES))


@pytest.mark.parametrize("lang", LANGUAGES)
def test_every_reason_and_every_trouble_has_its_words(library: Library, lang: str) -> None:
    reasons = codes("SetAside", "NotWhole") | {code for _, code in REASONS}
    troubles = codes("TryLater") | {"this_machine", "credential_refused", "answer_unclear"}

    words = words_of(library, lang)

    assert reasons == set(words["reasons"])
    assert troubles == set(words["trouble"])


@pytest.mark.parametrize("lang", LANGUAGES)
def test_every_action_state_and_status_has_its_words(library: Library, lang: str) -> None:
    words = words_of(library, lang)

    assert set(words["audit"]["actions"]) == set(Action)
    assert set(words["states"]) == set(CaseState)
    assert set(words["statuses"]) == set(STATUSES) == set(STATE_AFTER_REPLY)


def test_both_languages_have_the_same_keys_and_arabic_all_six_plurals(library: Library) -> None:
    english, arabic = (words_of(library, lang) for lang in ("en", "ar"))
    plurals = {"zero", "one", "two", "few", "many", "other"}

    def keys(section: dict[str, object]) -> set[str]:
        return {
            key.rsplit(".", 1)[0] if key.rsplit(".", 1)[-1] in plurals else key
            for key, _ in flattened(section)
        }

    assert keys(english) == keys(arabic)
    for place in ("list.count", "notices.set_aside", "notices.replies", "notices.keys"):
        for count in (0, 1, 2, 5, 11, 100):
            assert library.strings.plural(f"register.{place}", "ar", count)
            assert plural_form("ar", count) in plurals


def test_every_text_of_the_register_is_used(library: Library) -> None:
    templates = "\n".join(path.read_text(encoding="utf-8") for path in GATEWAY.rglob("templates/*"))
    named = "flags queues states statuses reasons trouble modes processing audit problem list.count"
    named += " types helper meetings.states meetings.to meetings.sent likeness audit_check rights"
    named += " own.left opening.said opening.notice ready"
    named += " reprisal.steps reprisal.hints reprisal.problems"
    named += " connectors.recipients connectors.states connectors.reasons connectors.attempts"
    named += " connectors.notice"
    named += " exports.formats overview.ages overview.days"
    named += " sought.said sought.reasons sought.hidden sought.found sought.waiting"
    by_code = tuple(f"{name}." for name in [*named.split(), "notices", "sign_in"])
    for key, _ in flattened(words_of(library, "en")):
        used = key in templates or f'"{key}"' in SOURCES or f'"{key.split(".", 1)[1]}"' in SOURCES
        assert used or key.startswith(by_code), key


@pytest.mark.parametrize("lang", ["ar", "en", "ku", "tr", "de", "fr"])
def test_what_is_sent_by_itself_names_nobody_and_nothing(library: Library, lang: str) -> None:
    texts = [str(text).lower() for text in library.strings.section("replies", lang).values()]

    for word in ("institution", "المؤسسة", "syri", "سور", "missing", "مفقود", "winda", "kayıp"):
        assert not [text for text in texts if word in text]
    assert max(len(text) for text in texts) < 400


def test_states_of_arrivals_are_told_apart_by_their_stored_words() -> None:
    assert len(set(ArrivalState)) == len(ArrivalState) == 7
