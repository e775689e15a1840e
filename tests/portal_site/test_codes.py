"""A code leads somewhere for good, and there it says whether what carries it still holds."""

from dataclasses import fields, replace
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Any

import pytest

from portal_content.library import Library, load_library
from portal_content.verification_codes import grouped, new_code
from portal_site.alerts.document import alert_document
from portal_site.alerts.pages import feed
from portal_site.assets import Asset, Assets
from portal_site.print.issued import issues
from portal_site.print.sharing import sharing_of_page
from portal_site.settings import SiteSettings
from portal_site.stage import stage_language
from portal_site.values import Site, Styles

ROOT = Path(__file__).parents[2]
LIBRARY = load_library(ROOT)
LANGUAGES = tuple(LIBRARY.languages)
BASE = "https://portal.example.org"
OLD, NEW = grouped(new_code()), grouped(new_code())
VERIFY = grouped(LIBRARY.handouts["verify-1"].code)
SCRIPT = Asset("/assets/one.js", "sha256-", Path("one.js"))


def site(library: Library = LIBRARY) -> Site:
    settings = SiteSettings(root=ROOT, base_url=BASE, today=date(2026, 12, 1), sheets=False)
    return Site(settings, library, Assets(*[SCRIPT] * len(fields(Assets))), Styles("", ""))


def with_records(**records: Any) -> Library:
    return replace(LIBRARY, **records)


@pytest.fixture
def replaced_alert() -> Library:
    source = next(iter(LIBRARY.alerts.values()))
    old = source.model_copy(
        update={
            "id": "old-one",
            "sample": False,
            "code": OLD.replace(" ", ""),
            "status": "replaced",
            "replaced_on": date(2026, 11, 25),
            "replaced_by": "new-one",
            "updated": datetime(2026, 11, 25, 9, tzinfo=UTC),
        }
    )
    new = source.model_copy(update={"id": "new-one", "sample": False, "code": NEW.replace(" ", "")})
    return with_records(alerts={"old-one": old, "new-one": new})


@pytest.fixture
def withdrawn_handout() -> Library:
    old = LIBRARY.handouts["verify-1"].model_copy(
        update={"state": "withdrawn", "ended": date(2026, 11, 30)}
    )
    return with_records(handouts={"verify-1": old})


@pytest.mark.parametrize("lang", LANGUAGES)
def test_every_handout_has_a_page_under_its_code(lang: str) -> None:
    staged = stage_language(site(), lang).pages

    for handout in LIBRARY.handouts.values():
        assert f"c/{handout.code[:16].lower()}" in staged
    assert "c" in staged


@pytest.mark.parametrize("lang", LANGUAGES)
def test_a_replaced_alert_says_since_when_and_leads_to_the_newer_one(
    replaced_alert: Library, lang: str
) -> None:
    here = site(replaced_alert)
    issue = next(one for one in issues(here, lang) if one.code == OLD)
    document = alert_document(here, replaced_alert.alerts["old-one"], lang)
    staged = stage_language(here, lang).pages

    assert not issue.holds
    assert issue.newer == f"/{lang}/alerts/new-one/"
    assert document["replaced_on"] == "2026-11-25"
    assert document["replaced_on_text"] in issue.state
    for path in ("alerts/old-one", f"c/{OLD.replace(' ', '')[:16].lower()}"):
        assert document["replaced_on_text"] in staged[path]
        assert f"/{lang}/alerts/new-one/" in staged[path]


def test_feeds_and_texts_to_pass_on_say_that_it_was_replaced(replaced_alert: Library) -> None:
    here = site(replaced_alert)
    entry = next(
        one for one in feed(here, "en").entries if one.address.endswith("/alerts/old-one/")
    )

    assert entry.updated == datetime(2026, 11, 25, 9, tzinfo=UTC)
    assert "Replaced on" in entry.text
    assert "In force until" not in entry.text


def test_a_withdrawn_paper_says_so_and_its_page_offers_it_no_more(
    withdrawn_handout: Library,
) -> None:
    here = site(withdrawn_handout)
    issue = next(one for one in issues(here, "en") if one.code == VERIFY)

    assert issue.state == "Withdrawn on 30 November 2026. Please do not use it any more."
    assert (
        VERIFY not in sharing_of_page(here, here.library.pages["verify", "en"])["sharing"]["text"]
    )


@pytest.mark.parametrize("lang", LANGUAGES)
def test_what_is_passed_on_from_a_page_with_a_code_carries_day_address_and_code(
    lang: str,
) -> None:
    for slug in ("protect-yourself", "verify"):
        page = LIBRARY.pages[slug, lang]
        handout = LIBRARY.handouts[f"{slug}-1"]
        shared = sharing_of_page(site(), page)["sharing"]["text"]
        issue = next(one for one in issues(site(), lang) if one.about == f"/{lang}/{slug}/")

        assert page.meta.share in shared
        assert issue.code in shared
        assert issue.issued_text in shared
        assert f"{BASE}/{lang}/c/{handout.code[:16].lower()}/" in shared
        assert len(shared) <= 600


def test_zeros_of_samples_lead_to_no_page_of_their_own() -> None:
    staged = stage_language(site(), "ar").pages

    assert not [path for path in staged if path.startswith("c/0000")]
