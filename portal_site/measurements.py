"""What programs found on the pages of this site, said on the page about accessibility."""

from portal_content.dates import day_in_words
from portal_content.measurements import load_measurements
from portal_content.pages import Page, page_address
from portal_site.values import Site


def measurements_block(site: Site, page: Page) -> str:
    """Lay out what was found, and how to tell us of what was not."""
    strings, lang = site.library.strings, page.lang
    measured = load_measurements(site.library.root)
    language = site.library.languages[lang]
    day = "" if measured is None else day_in_words(measured.as_of, language)
    return site.component(
        "measurements",
        lang,
        words=strings.section("measurements", lang),
        as_of=strings.text("measurements.as_of", lang, day=day) if day else "",
        checks=measured.checks if measured else (),
        report=page_address(lang, "feedback"),
    )
