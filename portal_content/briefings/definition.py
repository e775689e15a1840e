"""What a briefing is. It has no field for a venue, a link to join or the name of a partner."""

from collections.abc import Iterator, Mapping
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Annotated, Literal
from zoneinfo import ZoneInfo, available_timezones

from pydantic import (
    AfterValidator,
    AwareDatetime,
    BaseModel,
    ConfigDict,
    Field,
    NaiveDatetime,
)

from portal_content.languages import Code
from portal_content.records import Record, load_records

Kind = Literal["briefing", "consultation", "two_way_platform", "training", "commemoration"]
Audience = Literal[
    "families", "women", "survivors", "young_people", "civil_society", "humanitarian", "un_states"
]
Theme = Literal[
    "search_methods", "participation", "gender", "civil_society_data", "outreach", "support"
]
"""The six themes of the Institution's consultations. Source: Secretary-General's report, ¶ 9."""
Mode = Literal["online", "in_person", "hybrid"]
Country = Literal[
    "SY", "TR", "LB", "JO", "IQ", "EG", "DE", "SE", "AT", "NL", "FR", "GR", "GB", "CA", "CH"
]
"""ISO 3166; each has a name in translations/briefings.*.yml."""
Spoken = Literal["ar", "ku", "ckb", "tr", "en", "de", "fr"]
"""Languages that are spoken in briefings."""
Support = Literal["travel", "data", "childcare"]
Access = Literal["step_free", "captions", "written_questions", "phone", "large_print", "quiet_room"]
Recording = Literal["none", "written_summary", "public"]
Status = Literal["planned", "open", "full", "moved", "cancelled", "done"]
REGISTERING = ("open", "full", "moved")
"""In these one can register; where it is full, for the waiting list."""
RESERVED = ("women", "online", "in-person", "language-", "country-", "audience-", "summaries")
"""How addresses of lists begin; no briefing may be called so."""


def _known_zone(name: str) -> str:
    if name not in available_timezones():
        raise ValueError("this is no time zone; write one like Europe/Berlin")
    return name


class BriefingText(BaseModel):
    """A briefing in the words of one language."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    title: Annotated[str, Field(min_length=3, max_length=80)]
    summary: Annotated[str, Field(min_length=3, max_length=260)]
    """What it is about, before it takes place."""
    notes: Annotated[str, Field(max_length=400)] = ""
    """What else one should know; after a change, what changed."""
    said: Annotated[str, Field(max_length=800)] = ""
    """Once it is over: what was asked, answered and will change; without names."""


class Registration(BaseModel):
    """Whether one must register, and until when."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    needed: bool
    closes: date | None = None
    """Last day, in the zone of the briefing."""


class Briefing(Record):
    """One briefing; times are those of its zone."""

    kind: Kind
    audience: Annotated[tuple[Audience, ...], Field(min_length=1)]
    themes: tuple[Theme, ...] = ()
    mode: Mode
    country: Country
    """Where it takes place; of an online one, where those it is meant for live."""
    city: Mapping[Code, str] = Field(default_factory=dict)
    """By language, only where it is safe to say."""
    start: NaiveDatetime
    end: NaiveDatetime
    zone: Annotated[str, AfterValidator(_known_zone)]
    languages: Annotated[tuple[Spoken, ...], Field(min_length=1)]
    interpretation: tuple[Spoken, ...] = ()
    sign_language: bool = False
    women_only: bool = False
    women_facilitators: bool = False
    women_interpreters: bool = False
    child_friendly: bool = False
    support: tuple[Support, ...] = ()
    access: tuple[Access, ...] = ()
    capacity: Annotated[int, Field(ge=1)] | None = None
    registration: Registration
    recording: Recording
    status: Status
    moved_from: NaiveDatetime | None = None
    """The start before it was moved."""
    sequence: Annotated[int, Field(ge=0)] = 0
    """Goes up by one with every change that people in it must know."""
    updated: AwareDatetime
    neutral: bool = False
    """Calendars and the browser's history say only "information meeting"."""
    summary_page: str = ""
    """Slug of a page that says more about what was said, once it is over."""
    texts: Annotated[Mapping[Code, BriefingText], Field(min_length=1)]

    @property
    def starts(self) -> datetime:
        """The moment at which it begins."""
        return self.start.replace(tzinfo=ZoneInfo(self.zone))

    @property
    def ends(self) -> datetime:
        """The moment at which it ends."""
        return self.end.replace(tzinfo=ZoneInfo(self.zone))

    @property
    def started_before(self) -> datetime | None:
        """The moment at which it was to begin before it was moved."""
        moved = self.moved_from
        return None if moved is None else moved.replace(tzinfo=ZoneInfo(self.zone))

    @property
    def understood(self) -> tuple[str, ...]:
        """Languages that one can follow it in: spoken, then interpreted."""
        return tuple(dict.fromkeys((*self.languages, *self.interpretation)))

    def is_past(self, today: date) -> bool:
        """Tell whether it belongs to the archive on a day."""
        return self.status == "done" or self.end.date() < today

    def takes_registrations(self, today: date) -> bool:
        """Tell whether one can register on a day; where it is full, for the waiting list."""
        last = self.registration.closes or self.start.date()
        return self.registration.needed and self.status in REGISTERING and today <= last

    def title(self, lang: str) -> str:
        """Return its title in a language, or in the first that it has."""
        texts = self.texts
        return (texts.get(lang) or next(iter(texts.values()))).title

    def words(self) -> dict[str, str]:
        """Return every text of it by where it stands."""
        words = {f"city.{lang}": name for lang, name in self.city.items()}
        for lang, text in self.texts.items():
            words |= {f"texts.{lang}.{part}": value for part, value in text}
        return words

    def complaints(self) -> Iterator[str]:
        """Yield what does not fit together."""
        yield from super().complaints()
        yield from self._complaints_about_time()
        yield from self._complaints_about_changes()
        if self.id.startswith(RESERVED):
            yield f"no id begins with {', '.join(RESERVED)}"
        if self.women_only and not (self.women_facilitators and self.women_interpreters):
            yield "for women only means that facilitators and interpreters are women too"
        if self.women_only and "women" not in self.audience:
            yield "for women only, so audience must name women"
        if self.recording == "public" and {"families", "women", "survivors"} & {*self.audience}:
            yield "a meeting with families or survivors is never recorded"
        if self.mode == "online" and ("travel" in self.support or self.city):
            yield "an online briefing has no city and pays no travel"
        if set(self.interpretation) & set(self.languages):
            yield "a language is spoken or interpreted, not both"

    def _complaints_about_time(self) -> Iterator[str]:
        if self.end <= self.start:
            yield "end must be later than start"
        for name, moment in (("start", self.starts), ("end", self.ends)):
            there_and_back = moment.astimezone(UTC).astimezone(moment.tzinfo)
            if there_and_back.replace(tzinfo=None) != moment.replace(tzinfo=None):
                yield f"{name} does not exist in {self.zone}: the clocks go forward"
        closes = self.registration.closes
        if closes is not None and (not self.registration.needed or closes > self.start.date()):
            yield "registration closes on the day at the latest, and only where it is needed"

    def _complaints_about_changes(self) -> Iterator[str]:
        if (self.status == "moved") > (self.moved_from is not None):
            yield "moved: moved_from must tell the start before"
        if self.moved_from == self.start:
            yield "moved_from is the start before, not the new one"
        if (self.moved_from or self.status == "cancelled") and not self.sequence:
            yield "sequence goes up by one with each change, or calendars keep the old one"
        if self.status != "done" and (
            self.summary_page or any(t.said for t in self.texts.values())
        ):
            yield "said and summary_page are for briefings that are done"


def load_briefings(folder: Path) -> dict[str, Briefing]:
    """Load every briefing by id, the earliest first.

    Raises:
        ContentError: If a file is no briefing.
    """
    briefings = load_records(folder, Briefing, "a briefing")
    return dict(sorted(briefings.items(), key=lambda item: (item[1].starts, item[0])))
