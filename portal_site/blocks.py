"""Blocks: parts of a page that the build fills from data, `[[name]]` on a line of its own."""

from collections.abc import Callable, Mapping
from typing import Any

from portal_content.errors import ContentError
from portal_content.pages import BLOCK, Page, page_address, with_links
from portal_site.alerts.pages import alerts_block, current_alerts_block
from portal_site.alerts.pages import list_additions as alerts_additions
from portal_site.briefings.lists import archive_block, briefings_block
from portal_site.briefings.pages import list_additions as briefings_additions
from portal_site.channels import channels_block
from portal_site.figures.block import figures_block
from portal_site.glossary import words_block
from portal_site.measurements import measurements_block
from portal_site.organisations import help_directory_block, organisations_block
from portal_site.print.landing import prints_block
from portal_site.translation_status import translation_status_block
from portal_site.values import Site, status_values

Block = Callable[[Site, Page], str]
"""Returns HTML without empty lines, which would end a block of HTML in Markdown."""


def body(site: Site, page: Page) -> str:
    """Return the Markdown of a page with links and blocks in place.

    Raises:
        ContentError: If the page asks for a block that does not exist.
    """
    written = site.written(page.lang)
    text = with_links(page.body, page.lang, written)
    for match in BLOCK.finditer(text):
        if match["name"] not in BLOCKS:
            known = ", ".join(sorted(BLOCKS))
            line = page.line_at(page.body.find(match[0]))
            raise ContentError(page.path, f"no block {match[0]}; there are {known}", line=line)
    return BLOCK.sub(lambda match: BLOCKS[match["name"]](site, page), text)


def additions(site: Site, page: Page) -> dict[str, Any]:
    """Return what a page whose block is its subject adds to its frame: a script, feeds."""
    names = {match["name"] for match in BLOCK.finditer(page.body)}
    if page.slug in names and page.slug in ADDITIONS:
        return ADDITIONS[page.slug](site, page.lang)
    return {}


def _status(site: Site, page: Page) -> str:
    return site.component("registration_status", page.lang, **status_values(site, page.lang))


def _keep_pages(site: Site, page: Page) -> str:
    texts = site.library.strings.section("offline", page.lang)
    carry = site.library.strings.section("carry", page.lang)
    return site.component("keep_pages", page.lang, offline=texts, carry=carry, code=page.lang)


def _delete_everything(site: Site, page: Page) -> str:
    texts = site.library.strings.section("offline", page.lang)
    return site.component("delete_everything", page.lang, offline=texts, code=page.lang)


def _doors(site: Site, page: Page) -> str:
    doors = []
    for door in page.meta.doors:
        slug, _, heading = door.page.partition("#")
        known = heading if slug in site.written(page.lang) else ""
        address = page_address(page.lang, slug, known)
        doors.append({"title": door.title, "text": door.text, "address": address})
    return site.component("doors", page.lang, doors=doors)


BLOCKS: Mapping[str, Block] = {
    "registration-status": _status,
    "channels": channels_block,
    "delete-everything": _delete_everything,
    "doors": _doors,
    "figures": figures_block,
    "help-directory": help_directory_block,
    "keep-pages": _keep_pages,
    "measurements": measurements_block,
    "organisations": organisations_block,
    "translation-status": translation_status_block,
    "words": words_block,
    "briefings": briefings_block,
    "briefings-archive": archive_block,
    "alerts": alerts_block,
    "current-alerts": current_alerts_block,
    "prints": lambda site, page: prints_block(site, page.lang),
}
"""By name."""

ADDITIONS: Mapping[str, Callable[[Site, str], dict[str, Any]]] = {
    "briefings": briefings_additions,
    "alerts": alerts_additions,
}
"""What the page of this slug, with the block of the same name, adds to its frame."""
