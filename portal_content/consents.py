"""Consents: one purpose each, texts in versions, and proof of which text a person saw."""

import hashlib
from collections.abc import Mapping
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path
from typing import Annotated

from pydantic import BaseModel, ConfigDict, Field, TypeAdapter

from portal_content.strings import Strings
from portal_content.typed_files import read_typed

PARTS = ("label", "means", "risk", "take_back")
"""What every consent says: the choice, what it means, what can go wrong, how to take it back."""


class Consent(BaseModel):
    """A purpose that a person may agree to, in its current version."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    id: Annotated[str, Field(pattern=r"^C[0-9]{1,2}$")]
    version: int = Field(ge=1)
    scopes: tuple[str, ...] = ()
    """Parts that can be agreed to one by one; empty if the consent is a single choice."""


@dataclass(frozen=True)
class ConsentText:
    """A consent in the words of one language."""

    label: str
    means: str
    risk: str
    take_back: str
    scopes: Mapping[str, str]
    sha256: str
    """Hex digest of everything above; it goes into the envelope (rule DR-04)."""


def load_consents(path: Path) -> dict[str, Consent]:
    """Load the consents by id.

    Raises:
        ContentError: If the file is not a list of consents.
    """
    consents = read_typed(path, TypeAdapter(tuple[Consent, ...]), "consents")
    return {consent.id: consent for consent in consents}


@lru_cache(maxsize=1024)
def consent_text(consent: Consent, strings: Strings, lang: str) -> ConsentText:
    """Return the words of a consent and the digest that proves them.

    Kept for next time: neither changes, and every submission asks for a dozen of them twice.

    Raises:
        StringMissing: If a part has no text in this language.
    """
    place = f"consents.{consent.id}.v{consent.version}"
    words = {part: strings.text(f"{place}.{part}", lang) for part in PARTS}
    scopes = {s: strings.text(f"{place}.scopes.{s}", lang) for s in consent.scopes}
    shown = "\n".join([consent.id, str(consent.version), lang, *words.values(), *scopes.values()])
    digest = hashlib.sha256(shown.encode()).hexdigest()
    return ConsentText(**words, scopes=scopes, sha256=digest)
