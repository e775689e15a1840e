"""What a handout is: one edition of posters, a leaflet or a paper form, under one code."""

from collections.abc import Iterator
from datetime import date
from pathlib import Path
from typing import Annotated, Literal

from pydantic import BaseModel, ConfigDict, Field

from portal_content.records import Record, RecordId, load_records

Kind = Literal["sheets", "form"]
"""Posters and a leaflet made from a page, or a paper form made from a form."""
State = Literal["holds", "replaced", "withdrawn"]
PANELS = 4
"""Of a leaflet: three inside, and the one that is folded in."""
MOST_WORDS = 60
"""On a poster, beside money rule and check: it is read from two metres."""


class Extract(BaseModel):
    """Points of a list on a page, as they stand there."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    heading: str = ""
    """Id of the heading that the list stands below; none: before the first."""
    points: Annotated[tuple[int, ...], Field(min_length=1)]
    """Their numbers in the list, from 1."""
    strong_only: bool = False
    """Whether only what is emphasised in a point is printed."""


class Handout(Record):
    """One edition: what hangs on a wall stays under this code, also when a newer one is made."""

    kind: Kind
    page: str
    """Slug of the page that its words come from; id of the form for a paper form."""
    issued: date
    state: State = "holds"
    ended: date | None = None
    """When it was replaced or withdrawn."""
    replaced_by: RecordId | None = None
    poster: tuple[Extract, ...] = ()
    panels: tuple[tuple[str, ...], ...] = ()
    """Headings of the page on each panel of the leaflet, "" for what stands before the first."""

    def complaints(self) -> Iterator[str]:
        """Yield what does not fit together."""
        yield from super().complaints()
        if (self.kind == "sheets") != bool(self.poster):
            yield "poster is for sheets, and only for them"
        if len(self.panels) != (PANELS if self.kind == "sheets" else 0):
            yield f"a leaflet has {PANELS} panels, a form none"
        if (self.state == "holds") != (self.ended is None):
            yield "ended is for what was replaced or withdrawn, and only for that"
        if (self.state == "replaced") != (self.replaced_by is not None):
            yield "replaced_by is for what was replaced, and only for that"
        if self.ended is not None and self.ended < self.issued:
            yield "ended is before issued"


def load_handouts(folder: Path) -> dict[str, Handout]:
    """Load every handout by id, the newest first.

    Raises:
        ContentError: If a file is no handout.
    """
    handouts = load_records(folder, Handout, "a handout")
    newest = sorted(handouts.items(), key=lambda item: (item[1].issued, item[0]), reverse=True)
    return dict(newest)
