"""Which sheets a language has, where they are, and how pages link to them."""

from collections.abc import Iterator
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from typing import Any

from portal_content.handouts.definition import Handout
from portal_content.numbers import whole
from portal_site.print.issued import SECTION, words_for
from portal_site.print.paper_form import of_form
from portal_site.print.sheets import of_alert, of_page
from portal_site.print.typesetter import Sheet, Typesetter
from portal_site.staging import Staging
from portal_site.values import Site

FORMATS = {"a4": "poster", "a3": "poster", "leaflet": "leaflet"}
"""Template by the ending of the name."""


@dataclass(frozen=True)
class Printable:
    """One PDF."""

    subject: str
    """Address of the page or form that it is about; for an alert `alerts/<id>`."""
    format: str
    """`a4`, `a3`, `leaflet` or `form`."""
    offered: bool
    """Whether pages offer it; what no longer holds stays where it was, and says so."""
    sheet: Sheet

    @property
    def name(self) -> str:
        """File name; an alert's id is its own already."""
        about = self.subject.removeprefix("alerts/").removesuffix("/form")
        return f"{about}-{self.format}.pdf"


def printables(site: Site, lang: str) -> list[Printable]:
    """Return every sheet of a language; none if the build makes none."""
    if not site.settings.sheets:
        return []
    return site.once(("printables", lang), lambda: _set(site, lang))


def links(site: Site, lang: str, subject: str = "") -> list[dict[str, Any]]:
    """Return what pages say of the sheets they offer.

    Args:
        site: The build.
        lang: Language of page and sheets.
        subject: Only those about this; all if empty.
    """
    words = words_for(site, lang)
    return [
        {
            "address": f"/{lang}/{SECTION}/{one.name}",
            "subject": one.subject,
            "name": words(f"names.{one.format}"),
            "facts": words(
                "facts",
                pages=words.count("pages", one.sheet.pages),
                kilobytes=whole(-(-len(one.sheet.content) // 1000), words.language),
            ),
        }
        for one in printables(site, lang)
        if one.offered and subject in ("", one.subject)
    ]


def write_language(staging: Staging, output: Path) -> None:
    """Write the sheets of a language, and delete those that are no more.

    Args:
        staging: The pages of the language.
        output: Folder of the whole site.
    """
    folder = output / staging.lang / SECTION
    made = {one.name: one.sheet.content for one in printables(staging.site, staging.lang)}
    for path in folder.glob("*.pdf"):
        if path.name not in made:
            path.unlink()
    for name, content in made.items():
        path = folder / name
        folder.mkdir(parents=True, exist_ok=True)
        if not path.is_file() or path.read_bytes() != content:
            path.write_bytes(content)


def _set(site: Site, lang: str) -> list[Printable]:
    cache = site.settings.cache_directory
    memory = cache / "sheets" / lang if cache else None
    typesetter = Typesetter(site.settings.root / "theme", memory)
    found = [*_of_handouts(site, lang, typesetter), *_of_alerts(site, lang, typesetter)]
    typesetter.forget_the_rest()
    return found


def _of_handouts(site: Site, lang: str, typesetter: Typesetter) -> Iterator[Printable]:
    for handout in site.library.handouts.values():
        if handout.state != "holds":
            continue
        if handout.kind == "form":
            yield _form(site, lang, handout, typesetter)
        elif page := site.library.pages.get((handout.page, lang)):
            words = of_page(site, handout, page)
            yield from _formats(partial(Printable, handout.page), words, typesetter, offered=True)


def _of_alerts(site: Site, lang: str, typesetter: Typesetter) -> Iterator[Printable]:
    for alert in site.library.alerts.values():
        words = of_alert(site, alert, lang)
        if words is not None:
            offered = alert.status_on(site.settings.today) in ("active", "corrected")
            make = partial(Printable, f"alerts/{alert.id}")
            yield from _formats(make, words, typesetter, offered=offered)


def _form(site: Site, lang: str, handout: Handout, typesetter: Typesetter) -> Printable:
    form = next(one for one in site.library.forms.current() if one.id == handout.page)
    sheet = typesetter.set("form", of_form(site, handout, form, lang))
    return Printable(form.address, "form", offered=True, sheet=sheet)


def _formats(
    make: "partial[Printable]", words: dict[str, Any], typesetter: Typesetter, *, offered: bool
) -> Iterator[Printable]:
    poster = {key: words[key] for key in words.keys() - {"panels", "cover"}}
    leaflet = {key: words[key] for key in words.keys() - {"points", "lead"}}
    for name, template in FORMATS.items():
        data = poster | {"paper": name} if template == "poster" else leaflet
        yield make(name, offered, typesetter.set(template, data))
