"""What an alert is: a pattern of deceit or a rumour, never a person, a number or an account."""

from collections.abc import Iterator, Mapping
from datetime import date
from pathlib import Path
from typing import Annotated, Literal

from pydantic import AwareDatetime, BaseModel, ConfigDict, Field

from portal_content.languages import Code
from portal_content.records import Record, RecordId, load_records

Pattern = Literal[
    "X01", "X02", "X03", "X04", "X05", "X06", "X07", "X08", "X09",
    "X10", "X11", "X12", "X13", "X14", "X15", "X16", "X17",
]  # fmt: skip
"""Documented ways of deceiving families; each has a name in translations/alerts.*.yml."""
Kind = Literal["warning", "unknown"]
"""A warning, or something that is talked about and that we do not know yet."""
Severity = Literal["information", "care", "danger"]
Status = Literal["active", "corrected", "replaced", "withdrawn", "expired"]


class AlertText(BaseModel):
    """An alert in the words of one language."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    title: Annotated[str, Field(min_length=3, max_length=80)]
    text: Annotated[str, Field(min_length=3, max_length=260)]
    """What happens or what is said; in a correction, what we said first."""
    advice: Annotated[str, Field(min_length=3, max_length=220)]
    """What to do now."""
    correction: Annotated[str, Field(max_length=260)] = ""


class Alert(Record):
    """One alert."""

    kind: Kind
    severity: Severity
    patterns: tuple[Pattern, ...] = ()
    issued: date
    expires: date
    """Last day on which it holds; afterwards it is shown as expired."""
    check_at: str
    """Id of the channel in content/channels.yml through which a reader can check it."""
    look_again: date | None = None
    """When we look again, for what we do not know yet."""
    status: Status
    corrected_on: date | None = None
    replaced_on: date | None = None
    replaced_by: RecordId | None = None
    withdrawn_on: date | None = None
    updated: AwareDatetime
    texts: Annotated[Mapping[Code, AlertText], Field(min_length=1)]

    def status_on(self, today: date) -> Status:
        """Return the status on a day: nothing holds longer than it was meant to."""
        return "expired" if self.status == "active" and today > self.expires else self.status

    def words(self) -> dict[str, str]:
        """Return every text of it by where it stands."""
        return {
            f"texts.{lang}.{part}": value
            for lang, text in self.texts.items()
            for part, value in text
        }

    def complaints(self) -> Iterator[str]:
        """Yield what does not fit together."""
        yield from super().complaints()
        corrected = self.status == "corrected"
        if self.expires < self.issued:
            yield "expires is before issued"
        if corrected != (self.corrected_on is not None):
            yield "corrected_on is for alerts that are corrected, and only for them"
        if corrected != all(bool(text.correction) for text in self.texts.values()):
            yield "a corrected alert has its correction in every language, others have none"
        yield from self._complaints_about_its_end()
        if self.kind == "warning" and not self.patterns:
            yield "a warning names the pattern (X01 to X17)"
        if self.kind == "unknown" and self.look_again is None:
            yield "what we do not know yet needs look_again: the day we look again"

    def _complaints_about_its_end(self) -> Iterator[str]:
        if (self.status == "replaced") != (self.replaced_by is not None):
            yield "replaced_by is for alerts that are replaced, and only for them"
        for status in ("replaced", "withdrawn"):
            day: date | None = getattr(self, f"{status}_on")
            if (self.status == status) != (day is not None):
                yield f"{status}_on is for alerts that are {status}, and only for them"
            elif day is not None and day < self.issued:
                yield f"{status}_on is before issued"
            elif day is not None and day > self.updated.date():
                yield f"updated is before {status}_on: feeds would not tell it"


def load_alerts(folder: Path) -> dict[str, Alert]:
    """Load every alert by id, the newest first.

    Raises:
        ContentError: If a file is no alert.
    """
    alerts = load_records(folder, Alert, "an alert")
    newest = sorted(alerts.items(), key=lambda item: (item[1].updated, item[0]), reverse=True)
    return dict(newest)
