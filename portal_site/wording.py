"""Words of one section in one language, and moments as its readers say them."""

from dataclasses import dataclass
from datetime import date, datetime
from typing import Any
from zoneinfo import ZoneInfo

from babel import Locale

from portal_content.dates import clock_time, day_in_words, offset_in_words, weekday
from portal_content.languages import Language
from portal_content.numbers import in_digits
from portal_site.values import Site

HERE = "damascus"
"""The place whose hour is always said first."""
PLACES = {
    HERE: "Asia/Damascus",
    "turkey": "Europe/Istanbul",
    "lebanon": "Asia/Beirut",
    "jordan": "Asia/Amman",
    "germany": "Europe/Berlin",
}
"""Where most readers are. Old phones reckon with old rules, so the hours are written out."""


@dataclass(frozen=True)
class Words:
    """What a feature says in one language."""

    site: Site
    section: str
    """File of translations/ without language and ending."""
    lang: str

    @property
    def language(self) -> Language:
        """The language itself."""
        return self.site.library.languages[self.lang]

    def __call__(self, key: str, **values: Any) -> str:
        """Return a text of the section."""
        return self.site.library.strings.text(f"{self.section}.{key}", self.lang, **values)

    def count(self, key: str, number: int) -> str:
        """Return the form of a plural that fits a number, in the reader's digits."""
        text = self.site.library.strings.plural(f"{self.section}.{key}", self.lang, number)
        return in_digits(text, self.language)

    def names(self, key: str, ids: tuple[str, ...]) -> list[str]:
        """Return the names of values, e.g. of themes."""
        return [self(f"{key}.{one}") for one in ids]

    def country(self, code: str) -> str:
        """Return the name of a country."""
        return str(Locale.parse(self.lang).territories.get(code) or code)

    def day(self, day: date) -> str:
        """Return a day with its weekday."""
        name = weekday(day, self.language)
        return self("day", weekday=name, day=day_in_words(day, self.language))

    def moment(self, moment: datetime, until: datetime | None = None) -> str:
        """Return day and hours in Damascus, with the place and the offset from UTC as text."""
        start = moment.astimezone(ZoneInfo(PLACES[HERE]))
        hours = clock_time(start, self.language)
        if until is not None:
            end = until.astimezone(start.tzinfo)
            hours = self("from_to", start=hours, end=clock_time(end, self.language))
        return self(
            "when",
            day=self.day(start.date()),
            hours=hours,
            place=self(f"places.{HERE}"),
            offset=offset_in_words(start, self.language),
        )

    def hours(self, moment: datetime) -> list[dict[str, str]]:
        """Return the hour of a moment in every place: place, zone, text."""
        here = moment.astimezone(ZoneInfo(PLACES[HERE])).date()
        rows = []
        for place, zone in PLACES.items():
            there = moment.astimezone(ZoneInfo(zone))
            text = clock_time(there, self.language)
            offset = offset_in_words(there, self.language)
            if there.date() != here:
                text += " " + self("other_day", day=self.day(there.date()))
            name = self(f"places.{place}")
            rows.append({"place": name, "zone": zone, "time": text, "offset": offset})
        return rows
