"""What briefings and alerts have in common: a file each, an id, a code, words by language."""

import re
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Annotated, Self, TypeVar

from pydantic import AfterValidator, BaseModel, ConfigDict, Field, TypeAdapter, model_validator

from portal_content.errors import ContentError, Problem
from portal_content.languages import Language
from portal_content.typed_files import read_typed
from portal_content.verification_codes import PLACEHOLDER, CodeInvalid, parse_code

_LINK = re.compile(
    r"https?://|\bwww\.|[\w.+-]+@[\w-]+\.\w|(?<![\w.])(?:[a-z0-9-]+\.)+(?:org|com|net|us|int|io|me|tv|app)\b"
    r"|\+?[\d٠-٩](?:[\s()-]?[\d٠-٩]){7,}",
    re.IGNORECASE,
)
"""An address of the web or of mail, or a number to call or to join with."""
_PLACE = re.compile(
    r"\b(?:street|floor|straße|strasse|\w+straße|etage|rue|boulevard|bâtiment"
    r"|sokak|sokağı|cadde|caddesi|mahalle|mahallesi|kolan|kuçe|zoom|webex|jitsi|skype"
    r"|whatsapp|telegram|passcode|meeting id)\b|شارع|طابق|الطابق|بناية|مبنى|زووم|واتساب|تلغرام"
    r"|كلمة المرور",
    re.IGNORECASE,
)
"""Words that stand beside an address or a way to join."""


def _stored(text: str) -> str:
    try:
        return parse_code(text)
    except CodeInvalid as error:
        raise ValueError(f"{error}; make one with: portal content code") from error


RecordId = Annotated[str, Field(pattern=r"^[a-z0-9]+(-[a-z0-9]+)+$", max_length=60)]
StoredCode = Annotated[str, AfterValidator(_stored)]


class Record(BaseModel):
    """One published thing with a file of its own."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    id: RecordId
    """Name of the file and part of addresses; neutral where that may matter; never changes."""
    code: StoredCode
    """Readers check with it that this is ours; see `portal_content.verification_codes`."""
    sample: bool = False
    """Made up to show how the portal works; every output says so."""

    @model_validator(mode="after")
    def _fits_together(self) -> Self:
        if complaints := [*self.complaints()]:
            raise ValueError("; ".join(complaints))
        return self

    def complaints(self) -> Iterator[str]:
        """Yield what does not fit together."""
        if self.sample != (self.code == PLACEHOLDER):
            yield "a sample has the code of zeros, and nothing else has it"


AnyRecord = TypeVar("AnyRecord", bound=Record)


def load_records(folder: Path, model: type[AnyRecord], meant: str) -> dict[str, AnyRecord]:
    """Load every file of a folder by its id.

    Raises:
        ContentError: If a file holds something else, or is not named like its id.
    """
    adapter = TypeAdapter(model)
    records: dict[str, AnyRecord] = {}
    for path in sorted(folder.glob("*.yml")):
        record = read_typed(path, adapter, meant)
        if record.id != path.stem:
            line = line_with(path, "id:")
            raise ContentError(path, f"id must be {path.stem}, like the file", line=line)
        records[record.id] = record
    return records


def line_with(path: Path, words: str) -> int:
    """Return the first line of a file that has these words, from 1."""
    lines = path.read_text(encoding="utf-8").splitlines()
    return next((number for number, line in enumerate(lines, 1) if words in line), 1)


def leads_back(start: str, newer: Mapping[str, str | None]) -> bool:
    """Tell whether going from record to newer record never ends.

    Args:
        start: Id of the first.
        newer: Id of what replaced each record, by its id.
    """
    seen, here = {start}, newer.get(start)
    while here is not None and here not in seen:
        seen.add(here)
        here = newer.get(here)
    return here is not None


def check_words(path: Path, texts: Mapping[str, str]) -> Iterator[Problem]:
    """Report what must never stand in the words of a record: a place, a link, a number.

    Args:
        path: File of the record.
        texts: Its words by where they stand, e.g. "texts.ar.title".
    """
    for where, text in texts.items():
        for pattern in (_LINK, _PLACE):
            if match := pattern.search(text):
                message = f'{where} says "{match[0]}": no place, link, application or number here'
                yield Problem(path, line_with(path, match[0]), message)


def check_languages(
    path: Path, written: Mapping[str, object], languages: Mapping[str, Language]
) -> Iterator[Problem]:
    """Report languages that the portal does not have."""
    for lang in written:
        if lang not in languages:
            yield Problem(path, line_with(path, f"  {lang}:"), f"{lang} is not a language of ours")


def missing_languages(
    path: Path, written: Mapping[str, object], languages: Mapping[str, Language]
) -> Iterator[Problem]:
    """Report languages that have no words of a record."""
    missing = [lang for lang in languages if lang not in written]
    if missing:
        yield Problem(path, line_with(path, "texts:"), f"no words in {', '.join(missing)}")
