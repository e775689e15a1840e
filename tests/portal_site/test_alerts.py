"""Every form of an alert says the same, and a correction never passes the error on."""

import re
from dataclasses import replace
from datetime import date
from typing import Any

import feedparser
import pytest
import yaml

from portal_site.alerts.document import alert_document
from portal_site.alerts.pages import list_values
from portal_site.short_messages import sms_room
from tests.portal_site.published import ALERTS, BASE, LANGUAGES, ROOT, Published, publish

EVERY = pytest.mark.parametrize(
    ("name", "lang"), [(name, lang) for name in ALERTS for lang in LANGUAGES]
)


@pytest.fixture(scope="module")
def published(tmp_path_factory: pytest.TempPathFactory) -> Published:
    return publish(tmp_path_factory.mktemp("published"))


def record(name: str) -> dict[str, Any]:
    path = ROOT / "content" / "alerts" / f"{name}.yml"
    source: dict[str, Any] = yaml.safe_load(path.read_text(encoding="utf-8"))
    return source


def words(lang: str) -> dict[str, Any]:
    path = ROOT / "translations" / f"alerts.{lang}.yml"
    texts: dict[str, Any] = yaml.safe_load(path.read_text(encoding="utf-8"))
    return texts


def title(name: str, lang: str) -> str:
    marked: str = words(lang)["sample_title"]
    return marked.replace("%{title}", record(name)["texts"][lang]["title"])


@EVERY
def test_page_feeds_and_texts_say_what_the_record_says(
    published: Published, name: str, lang: str
) -> None:
    source, address = record(name), f"{BASE}/{lang}/alerts/{name}/"
    page = published.page(f"{lang}/alerts/{name}")
    atom = feedparser.parse(published.text(f"{lang}/alerts.atom"))
    entry = next(one for one in atom.entries if one.link == address)
    items = published.json(f"{lang}/alerts.feed.json")["items"]
    item = next(one for one in items if one["url"] == address)

    assert page.texts["h1"] == entry.title == item["title"] == title(name, lang)
    assert page.article["data-status"] == item["_alert"]["status"] == source["status"]
    assert f"urn:portal:status|{source['status']}" in [f"{t.scheme}|{t.term}" for t in entry.tags]
    assert item["_alert"]["expires"] == source["expires"].isoformat()
    shared = page.texts["data-share"]
    assert shared == entry.content[0].value == item["content_text"]
    assert words(lang)["statuses"][source["status"]] in shared
    assert address in shared


@EVERY
def test_texts_fit_and_carry_their_day(published: Published, name: str, lang: str) -> None:
    page = published.page(f"{lang}/alerts/{name}")

    assert len(page.texts["data-share"]) <= 600
    assert sms_room(page.texts["data-sms"]) >= 0
    latin = page.texts["data-sms"].translate(str.maketrans("٠١٢٣٤٥٦٧٨٩", "0123456789"))
    issued = record(name)["issued"]
    assert f"{issued.day}/{issued.month}/{issued.year}" in latin


@pytest.mark.parametrize("lang", LANGUAGES)
def test_a_correction_does_not_pass_the_error_on(published: Published, lang: str) -> None:
    name = "sample-message-corrected"
    wrong, right = (record(name)["texts"][lang][part] for part in ("text", "correction"))

    shared = published.page(f"{lang}/alerts/{name}").texts["data-share"]

    assert right in shared
    assert wrong not in shared


@EVERY
def test_the_history_of_a_shared_phone_does_not_tell(
    published: Published, name: str, lang: str
) -> None:
    assert published.page(f"{lang}/alerts/{name}").texts["title"] == words(lang)["neutral_title"]


def test_an_alert_past_its_time_goes_among_the_earlier_ones(published: Published) -> None:
    later = replace(
        published.site,
        settings=published.site.settings.model_copy(update={"today": date(2027, 6, 1)}),
    )

    values = list_values(later, "en")

    assert [one["id"] for one in values["now"]] == ["sample-message-corrected"]
    assert {one["status"] for one in values["earlier"]} == {"expired"}
    warning = later.library.alerts["sample-fees-in-our-name"]
    assert "Do not pass it on" in alert_document(later, warning, "en")["share_text"]


@pytest.mark.parametrize("lang", LANGUAGES)
def test_the_feeds_have_what_their_standards_ask_for(published: Published, lang: str) -> None:
    atom = feedparser.parse(published.text(f"{lang}/alerts.atom"))
    json_feed = published.json(f"{lang}/alerts.feed.json")

    assert not atom.bozo
    assert len({entry.id for entry in atom.entries}) == len(ALERTS)
    assert json_feed["version"] == "https://jsonfeed.org/version/1.1"
    assert json_feed["feed_url"] == f"{BASE}/{lang}/alerts.feed.json"
    assert len({item["id"] for item in json_feed["items"]}) == len(ALERTS)


@pytest.mark.parametrize("lang", LANGUAGES)
def test_what_we_do_not_know_is_said_so(published: Published, lang: str) -> None:
    text = published.text(f"{lang}/alerts/sample-list-of-names/index.html")

    assert words(lang)["kinds"]["unknown"] in text
    assert re.search(words(lang)["page"]["unknown"], text)
