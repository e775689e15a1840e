"""The first page warns while an alert holds, and not a day longer."""

from datetime import date, timedelta
from html import unescape
from pathlib import Path

import pytest

from portal_content.library import load_library
from portal_site.alerts.pages import current_alerts_block
from portal_site.settings import SiteSettings
from portal_site.values import Site, Styles

ROOT = Path(__file__).parents[2]
LIBRARY = load_library(ROOT)
ACTIVE = [alert for alert in LIBRARY.alerts.values() if alert.status == "active"]


def block(lang: str, today: date) -> str:
    settings = SiteSettings(today=today)
    site = Site(settings, LIBRARY, assets=None, styles=Styles("", ""))  # type: ignore[arg-type]
    return current_alerts_block(site, LIBRARY.pages["index", lang])


@pytest.mark.parametrize("lang", LIBRARY.languages)
def test_the_first_page_leads_to_the_alerts_in_force(lang: str) -> None:
    text = unescape(block(lang, min(alert.expires for alert in ACTIVE)))

    for alert in ACTIVE[:3]:
        assert f'href="/{lang}/alerts/{alert.id}/"' in text
        assert alert.texts[lang].title in text
    assert f'href="/{lang}/alerts/"' in text
    assert "corrected" not in text


def test_when_nothing_holds_any_more_nothing_is_shown() -> None:
    last = max(alert.expires for alert in ACTIVE)

    assert "<li>" in block("ar", last)
    assert block("ar", last + timedelta(days=1)) == ""


def test_the_block_is_on_the_first_page_of_every_language(built_site: Path) -> None:
    for lang in LIBRARY.languages:
        text = (built_site / lang / "index.html").read_text(encoding="utf-8")
        assert text.count('id="current-alerts"') == 1
