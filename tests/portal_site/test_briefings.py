"""Every form in which a briefing is published says the same, and none says where it is."""

import json
import re
from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from html import unescape
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

import feedparser
import pytest
import yaml
from icalendar import Calendar, Event
from playwright.sync_api import Browser, expect

from portal_site.briefings.files import write_language
from portal_site.briefings.filters import filters
from portal_site.briefings.lists import coming
from portal_site.briefings.pages import stage
from portal_site.short_messages import sms_room
from portal_site.staging import Staging
from tests.portal_site.published import (
    BASE,
    BRIEFINGS,
    LANGUAGES,
    ROOT,
    Facts,
    Published,
    instant,
    publish,
    serve_folder,
)

EVERY = pytest.mark.parametrize(
    ("name", "lang"), [(name, lang) for name in BRIEFINGS for lang in LANGUAGES]
)
DAMASCUS = ZoneInfo("Asia/Damascus")
LATIN = str.maketrans("٠١٢٣٤٥٦٧٨٩", "0123456789")


@pytest.fixture(scope="module")
def published(tmp_path_factory: pytest.TempPathFactory) -> Published:
    return publish(tmp_path_factory.mktemp("published"))


def record(name: str) -> dict[str, Any]:
    """Read the source itself, past our models."""
    path = ROOT / "content" / "briefings" / f"{name}.yml"
    source: dict[str, Any] = yaml.safe_load(path.read_text(encoding="utf-8"))
    return source


def words(lang: str) -> dict[str, Any]:
    path = ROOT / "translations" / f"briefings.{lang}.yml"
    texts: dict[str, Any] = yaml.safe_load(path.read_text(encoding="utf-8"))
    return texts


def key_of(names: dict[str, str], text: str) -> str:
    return next(key for key, name in names.items() if name == text)


def expected(name: str, lang: str, *, neutral: bool = False) -> Facts:
    source, texts = record(name), words(lang)
    title = source["texts"][lang]["title"]
    if neutral and source.get("neutral"):
        title = texts["neutral_title"]
    return Facts(
        start=source["start"].replace(tzinfo=ZoneInfo(source["zone"])).astimezone(UTC),
        mode=source["mode"],
        status=source["status"],
        title=texts["sample_title"].replace("%{title}", title),
        languages=tuple(source["languages"]),
    )


def start_of(event: Event) -> datetime:
    moment = event.start
    assert isinstance(moment, datetime)
    return moment


def from_calendar(event: Event, lang: str) -> Facts:
    summary, status = str(event["summary"]), str(event["x-portal-status"])
    if status in ("moved", "cancelled"):
        template = words(lang)["text"]["changed_title"].replace("%{title}", "")
        summary = summary.removeprefix(
            template.replace("%{status}", words(lang)["statuses"][status])
        )
    return Facts(
        start=start_of(event).astimezone(UTC),
        mode=str(event["x-portal-mode"]),
        status=status,
        title=summary,
        languages=tuple(str(event["x-portal-languages"]).split(",")),
    )


def from_share_text(text: str, lang: str) -> Facts:
    texts, lines = words(lang), text.splitlines()
    page = texts["page"]
    labelled = {
        key: next(line for line in lines if line.startswith(f"{page[key]}: "))[len(page[key]) + 2 :]
        for key in ("when", "how", "status", "languages")
    }
    return Facts(
        start=from_words(labelled["when"], lang),
        mode=key_of(texts["modes"], labelled["how"].partition(" (")[0]),
        status=key_of(texts["statuses"], labelled["status"]),
        title=lines[0],
        languages=tuple(
            key_of(texts["spoken"], name)
            for name in labelled["languages"].split(texts["separator"])
        ),
    )


def from_words(text: str, lang: str) -> datetime:
    """Read "Wednesday, 9 December 2026, 18:00 to 19:30 (Damascus, UTC+3)" in any language."""
    languages = yaml.safe_load((ROOT / "content" / "languages.yml").read_text(encoding="utf-8"))
    months = next(one["months"] for one in languages if one["code"] == lang)
    text = text.translate(LATIN)
    month = next(number for number, name in enumerate(months, 1) if f" {name} " in text)
    found = re.search(rf"(\d+) {months[month - 1]} (\d{{4}})\D+(\d\d):(\d\d)", text)
    assert found is not None
    day, year, hour, minute = (int(part) for part in found.groups())
    assert words(lang)["places"]["damascus"] in text
    assert "UTC+3" in text
    return datetime(year, month, day, hour, minute, tzinfo=DAMASCUS).astimezone(UTC)


def from_sms(text: str, lang: str) -> Facts:
    texts = words(lang)["text"]
    found = re.search(r"(\d+)/(\d+)/(\d{4}) (\d\d):(\d\d)", text.translate(LATIN))
    assert found is not None
    day, month, year, hour, minute = (int(part) for part in found.groups())
    said = [key for key, name in texts["statuses"].items() if f" {name} " in text]
    modes = [key for key, name in texts["modes"].items() if f" {name}." in text]
    return Facts(
        start=datetime(year, month, day, hour, minute, tzinfo=DAMASCUS).astimezone(UTC),
        mode=max(modes, key=lambda mode: len(texts["modes"][mode])),
        status=said[0] if said else None,
    )


@EVERY
def test_the_page_says_what_the_record_says(published: Published, name: str, lang: str) -> None:
    page = published.page(f"{lang}/briefings/{name}")

    facts = Facts(
        start=instant(page.times[0]),
        mode=page.article["data-mode"],
        status=page.article["data-status"],
        title=page.texts["h1"],
        languages=tuple((page.article["data-languages"] or "").split()),
    )
    assert expected(name, lang).differences(facts) == {}
    assert page.texts["title"] == expected(name, lang, neutral=True).title


TAKING = {"sample-beirut-families", "sample-meeting-december", "sample-online-december",
          "sample-online-evening", "sample-online-organisations"}  # fmt: skip
"""Meetings of the samples that one could register for on the day the pages were built."""


@EVERY
def test_a_meeting_leads_to_the_form_only_while_one_can_register(
    published: Published, name: str, lang: str
) -> None:
    page = unescape(published.text(f"{lang}/briefings/{name}/index.html"))

    leads = f'href="/{lang}/briefing-registration/"' in page
    closed = words(lang)["page"]["register_not_now"] in page

    assert leads == (name in TAKING)
    assert closed == (name not in TAKING and name != "sample-berlin-summer")


@EVERY
def test_search_engines_are_told_the_same(published: Published, name: str, lang: str) -> None:
    event = json.loads(published.page(f"{lang}/briefings/{name}").texts["application/ld+json"])

    wanted = expected(name, lang)
    status = {"moved": "EventRescheduled", "cancelled": "EventCancelled"}.get(
        wanted.status or "", "EventScheduled"
    )
    attendance = {
        "online": "OnlineEventAttendanceMode",
        "in_person": "OfflineEventAttendanceMode",
        "hybrid": "MixedEventAttendanceMode",
    }[wanted.mode or ""]
    facts = Facts(
        start=instant(event["startDate"]),
        mode=None,
        status=None,
        title=event["name"],
        languages=tuple(event["inLanguage"]),
    )
    assert wanted.differences(facts) == {}
    assert event["eventStatus"] == f"https://schema.org/{status}"
    assert event["eventAttendanceMode"] == f"https://schema.org/{attendance}"
    assert ("previousStartDate" in event) == (wanted.status == "moved")


@EVERY
def test_calendars_say_the_same(published: Published, name: str, lang: str) -> None:
    alone = Calendar.from_ical(published.text(f"{lang}/briefings/{name}.ics"))
    together = Calendar.from_ical(published.text(f"{lang}/briefings.ics"))

    events = [*alone.events, *(one for one in together.events if str(one["uid"]).startswith(name))]
    assert len(events) == 2
    for event in events:
        facts = from_calendar(event, lang)
        assert expected(name, lang, neutral=True).differences(facts) == {}
        assert event["uid"] == f"{name}@{published.site.settings.deployment}"
        assert int(str(event["sequence"])) == record(name).get("sequence", 0)
        assert (event["status"] == "CANCELLED") == (record(name)["status"] == "cancelled")


@EVERY
def test_feeds_say_the_same(published: Published, name: str, lang: str) -> None:
    address = f"{BASE}/{lang}/briefings/{name}/"

    atom = feedparser.parse(published.text(f"{lang}/briefings.atom"))
    entry = next(one for one in atom.entries if one.link == address)
    tags: dict[str, list[str]] = {}
    for tag in entry.tags:
        tags.setdefault(tag.scheme.removeprefix("urn:portal:"), []).append(tag.term)
    items = published.json(f"{lang}/briefings.feed.json")["items"]
    item = next(one for one in items if one["url"] == address)
    document = item["_briefing"]

    for facts in (
        Facts(
            instant(tags["start"][0]),
            tags["mode"][0],
            tags["status"][0],
            entry.title,
            tuple(tags["language"]),
        ),
        Facts(
            instant(document["start"]),
            document["mode"],
            document["status"],
            item["title"],
            tuple(document["languages"]),
        ),
        from_share_text(entry.content[0].value, lang),
        from_share_text(item["content_text"], lang),
    ):
        assert expected(name, lang).differences(facts) == {}


@EVERY
def test_texts_to_pass_on_say_the_same_and_fit(published: Published, name: str, lang: str) -> None:
    page = published.page(f"{lang}/briefings/{name}")
    share, sms = page.texts["data-share"], page.texts["data-sms"]

    wanted = expected(name, lang)
    assert wanted.differences(from_share_text(share, lang)) == {}
    assert wanted.differences(from_sms(sms, lang)) == {}
    assert from_sms(sms, lang).status == (
        None if wanted.status in ("open", "planned") else wanted.status
    )
    assert len(share) <= 600
    assert f"{BASE}/{lang}/briefings/{name}/" in share
    if lang == "ar":
        assert len(sms.encode("utf-16-le")) // 2 <= 70
    assert sms_room(sms) >= 0


@EVERY
def test_the_notice_to_print_says_the_same(published: Published, name: str, lang: str) -> None:
    text = published.text(f"{lang}/briefings/{name}/notice/index.html")

    texts, wanted = words(lang), expected(name, lang)
    facts = dict(re.findall(r"<dt>([^<]*)</dt><dd>([^<]*)</dd>", text.replace("&#39;", "'")))
    assert from_words(facts[texts["page"]["when"]], lang) == wanted.start
    assert facts[texts["page"]["status"]] == texts["statuses"][wanted.status]
    assert facts[texts["page"]["how"]] == texts["modes"][wanted.mode]
    assert f"{BASE}/{lang}/briefings/{name}/" in text


@EVERY
def test_a_sample_is_called_one_in_every_form(published: Published, name: str, lang: str) -> None:
    mark = words(lang)["sample_title"].replace("%{title}", "").strip()
    page = published.text(f"{lang}/briefings/{name}/index.html")

    assert words(lang)["sample_notice"] in page.replace("&#39;", "'")
    assert mark in published.page(f"{lang}/briefings/{name}").texts["h1"]
    for event in Calendar.from_ical(published.text(f"{lang}/briefings/{name}.ics")).events:
        assert mark in str(event["summary"])
    for item in published.json(f"{lang}/briefings.feed.json")["items"]:
        assert item["title"].startswith(mark)


@pytest.mark.parametrize("lang", LANGUAGES)
def test_a_neutral_title_keeps_its_subject_out_of_calendars(
    published: Published, lang: str
) -> None:
    calendar = published.text(f"{lang}/briefings.ics").replace("\r\n ", "")

    for name in BRIEFINGS:
        if record(name).get("neutral"):
            assert record(name)["texts"][lang]["title"] not in calendar
            assert record(name)["texts"][lang]["summary"] not in calendar


def test_hours_are_right_before_and_after_the_change_of_the_clock(published: Published) -> None:
    calendar = Calendar.from_ical(published.text("ar/briefings.ics"))
    zones = [ZoneInfo(name) for name in ("Asia/Damascus", "Europe/Berlin", "Asia/Beirut")]

    hours = {
        str(event["uid"]).partition("@")[0]: tuple(
            f"{start_of(event).astimezone(zone):%H:%M}" for zone in zones
        )
        for event in calendar.events
    }

    assert hours["sample-online-december"] == ("18:00", "16:00", "17:00")
    assert hours["sample-beirut-families"] == ("16:00", "14:00", "15:00")
    assert hours["sample-berlin-summer"] == ("19:00", "18:00", "19:00")


def test_a_phone_without_rules_of_its_own_finds_the_right_ones_in_the_calendar(
    published: Published,
) -> None:
    calendar = Calendar.from_ical(published.text("en/briefings/sample-berlin-summer.ics"))

    zone = calendar.timezones[0].to_tz()

    assert datetime(2027, 3, 27, 12, tzinfo=zone).strftime("%z") == "+0100"
    assert datetime(2027, 3, 29, 12, tzinfo=zone).strftime("%z") == "+0200"
    assert len(published.text("en/briefings/sample-berlin-summer.ics")) < 3000


@pytest.mark.parametrize("lang", LANGUAGES)
def test_a_calendar_tells_phones_how_to_keep_it(published: Published, lang: str) -> None:
    raw = (published.folder / lang / "briefings.ics").read_bytes()
    calendar = Calendar.from_ical(raw)

    assert str(calendar["x-wr-calname"]) == words(lang)["calendar"]["all"]
    assert calendar["x-wr-calname"].params["LANGUAGE"] == lang
    assert calendar.decoded("refresh-interval") == timedelta(hours=12)
    assert all(len(line) <= 75 for line in raw.split(b"\r\n"))
    for line in raw.split(b"\r\n"):
        line.decode()  # No letter is cut in two where a line is folded.


@pytest.mark.parametrize("lang", LANGUAGES)
def test_every_audience_has_a_calendar_of_its_own(published: Published, lang: str) -> None:
    for audience in {one for name in BRIEFINGS for one in record(name)["audience"]}:
        path = f"{lang}/briefings-{audience.replace('_', '-')}.ics"
        uids = {str(e["uid"]) for e in Calendar.from_ical(published.text(path)).events}

        wanted = {name for name in BRIEFINGS if audience in record(name)["audience"]}
        assert uids == {f"{name}@{published.site.settings.deployment}" for name in wanted}


@pytest.mark.parametrize("lang", LANGUAGES)
def test_the_atom_feed_has_what_rfc_4287_asks_for(published: Published, lang: str) -> None:
    feed = feedparser.parse(published.text(f"{lang}/briefings.atom"))

    assert not feed.bozo
    assert feed.version == "atom10"
    assert feed.feed.language == lang
    assert {link.rel for link in feed.feed.links} == {"self", "alternate"}
    assert feed.feed.id
    assert feed.feed.title
    assert feed.feed.author
    assert feed.feed.updated_parsed == max(entry.updated_parsed for entry in feed.entries)
    assert len({entry.id for entry in feed.entries}) == len(BRIEFINGS)
    assert all(entry.title and entry.updated_parsed and entry.link for entry in feed.entries)


@pytest.mark.parametrize("lang", LANGUAGES)
def test_the_json_feed_has_what_version_1_1_asks_for(published: Published, lang: str) -> None:
    feed = published.json(f"{lang}/briefings.feed.json")

    assert feed["version"] == "https://jsonfeed.org/version/1.1"
    assert feed["title"]
    assert feed["feed_url"] == f"{BASE}/{lang}/briefings.feed.json"
    assert feed["language"] == lang
    assert len({item["id"] for item in feed["items"]}) == len(BRIEFINGS)
    assert all("content_text" in item for item in feed["items"])
    assert all(instant(item["date_modified"]) for item in feed["items"])


def lists(published: Published, lang: str) -> Iterator[tuple[str, list[str]]]:
    for one in filters(list(published.site.library.briefings.values())):
        wanted = [item.id for item in coming(published.site) if one.fits(item)]
        yield f"{lang}/briefings/{one.path}", wanted


@pytest.mark.parametrize("lang", LANGUAGES)
def test_without_script_every_filter_is_a_page_with_what_fits(
    published: Published, lang: str
) -> None:
    for path, wanted in lists(published, lang):
        links = published.page(path).links
        shown = [
            (link["href"] or "").split("/")[3]
            for link in links
            if re.fullmatch(rf"/{lang}/briefings/sample-[a-z-]+/", link.get("href") or "")
        ]
        assert shown == wanted, path
    assert {path.rpartition("/")[2] for path, _ in lists(published, lang)} >= {
        "women",
        "online",
        "in-person",
        "language-ku",
        "country-de",
        "audience-young-people",
    }


def test_filters_say_what_the_records_say(published: Published) -> None:
    shown = dict(lists(published, "en"))
    now = [name for name in BRIEFINGS if record(name)["status"] != "done"]

    def those(fits: Any) -> set[str]:
        return {name for name in now if fits(record(name))}

    assert set(shown["en/briefings/women"]) == those(lambda one: one.get("women_only"))
    assert set(shown["en/briefings/online"]) == those(lambda one: one["mode"] != "in_person")
    assert set(shown["en/briefings/country-de"]) == those(lambda one: one["country"] == "DE")
    assert set(shown["en/briefings/language-ku"]) == those(
        lambda one: "ku" in (*one["languages"], *one.get("interpretation", ()))
    )


def test_a_filter_that_nothing_fits_any_more_says_so(published: Published) -> None:
    library, names = published.site.library, words("en")["list"]
    mixed = {
        key: one.model_copy(update={"women_only": False}) for key, one in library.briefings.items()
    }
    site = replace(published.site, library=replace(library, briefings=mixed))
    staging = Staging(site, "en")

    stage(staging)

    assert names["none"] in staging.listed["briefings/women"]["list"]["none"]
    assert staging.listed["briefings/women"]["list"]["items"] == []
    assert "briefings/women" not in [
        link["path"]
        for group in staging.listed["briefings/online"]["list"]["groups"]
        for link in group["links"]
    ]


def test_with_script_filters_work_in_place(published: Published, browser: Browser) -> None:
    with serve_folder(published.folder) as base:
        page = browser.new_page()
        problems: list[str] = []
        page.on("console", lambda message: problems.append(message.text))
        page.goto(f"{base}/en/briefings/")
        page.locator(".filters summary").click()

        page.locator("[data-filter=women]").click()

        expect(page.locator(".card:visible")).to_have_count(2)
        expect(page.locator("[data-count-shown]")).to_have_text("2 meetings")
        assert page.url == f"{base}/en/briefings/"
        page.locator('[data-filter=""]').click()
        expect(page.locator(".card:visible")).to_have_count(len(coming(published.site)))
        page.goto(f"{base}/ar/briefings/sample-beirut-families/")
        assert page.evaluate("document.querySelector('[type=\"application/ld+json\"]').text")
        page.close()
    # The policy of a page lets data be and would report anything it blocked.
    assert [text for text in problems if "Content Security Policy" in text] == []


def test_the_place_and_the_way_in_are_nowhere(published: Published) -> None:
    """There is no field for them; what looks like one in any output would be a leak."""
    leak = re.compile(
        r"venue|join_url|dial.?in|streetAddress|zoom\.us|meet\.google|\bLOCATION.*http"
    )
    for path in published.folder.rglob("*"):
        if path.suffix in (".html", ".ics", ".json", ".atom"):
            found = leak.search(path.read_text(encoding="utf-8"))
            assert found is None, (path, found)


@pytest.mark.parametrize("name", BRIEFINGS)
def test_search_engines_get_a_country_at_most_a_city(published: Published, name: str) -> None:
    event = json.loads(published.page(f"en/briefings/{name}").texts["application/ld+json"])

    for place in event["location"]:
        if place["@type"] == "VirtualLocation":
            assert place["url"] == f"{BASE}/en/briefings/{name}/"
        else:
            assert set(place["address"]) <= {"@type", "addressCountry", "addressLocality"}


def test_words_of_another_language_are_marked_as_such(published: Published) -> None:
    library, name = published.site.library, "sample-beirut-families"
    briefing = library.briefings[name]
    texts = {lang: text for lang, text in briefing.texts.items() if lang != "fr"}
    changed = {**library.briefings, name: briefing.model_copy(update={"texts": texts})}
    site = replace(published.site, library=replace(library, briefings=changed))
    french, german = Staging(site, "fr"), Staging(site, "de")

    stage(french)
    stage(german)

    values = json.loads(french.pages[f"briefings/{name}"].split("\n")[1])["this"]
    assert values["text_lang"] == "en"
    assert values["heading"] == f"Sample: {texts['en'].title}"
    assert words("fr")["page"]["other_language"] in [one["text"] for one in values["notices"]]
    assert f"briefings/{name}" not in french.listed
    offered = [link["lang"] for link in german.listed[f"briefings/{name}"]["alternates"]]
    assert offered == ["ar", "en", "ku", "tr", "de", "x-default"]


def test_a_file_of_a_briefing_that_is_gone_goes_too(published: Published, tmp_path: Path) -> None:
    old = tmp_path / "en" / "briefings" / "was-there-before.ics"
    old.parent.mkdir(parents=True)
    old.write_text("old", encoding="utf-8")

    write_language(Staging(published.site, "en"), tmp_path)

    assert not old.exists()
    assert (tmp_path / "en" / "briefings.ics").exists()
