"""Consents: one purpose each, texts in versions, and proof of which text a person saw."""

import hashlib
from collections.abc import Mapping
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path
from typing import Annotated

from pydantic import BaseModel, ConfigDict, Field, TypeAdapter

from portal_content.strings import StringMissing, Strings
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


def consent_text(
    consent: Consent, strings: Strings, lang: str, *, version: int | None = None
) -> ConsentText:
    """Return the words of a consent and the digest that proves them.

    Args:
        consent: What is agreed to.
        strings: Where its words are.
        lang: Their language.
        version: Of the consent; the current one if none is named.

    Raises:
        StringMissing: If a part has no text in this language.
    """
    return _text(strings, consent.id, version or consent.version, consent.scopes, lang)


def known_digest(
    consent: Consent, strings: Strings, lang: str, *, version: int | None = None
) -> str | None:
    """Return the digest of a consent's words, or none if they do not exist in this language."""
    try:
        return _text(strings, consent.id, version or consent.version, consent.scopes, lang).sha256
    except StringMissing:
        return None


@lru_cache(maxsize=1024)
def _text(
    strings: Strings, consent: str, version: int, scopes: tuple[str, ...], lang: str
) -> ConsentText:
    """Kept for next time: strings never change, and every submission asks for a dozen texts twice.

    By parts and not by the consent, which would be taken apart for each look.
    """
    place = f"consents.{consent}.v{version}"
    words = {part: strings.text(f"{place}.{part}", lang) for part in PARTS}
    parts = {scope: strings.text(f"{place}.scopes.{scope}", lang) for scope in scopes}
    shown = "\n".join([consent, str(version), lang, *words.values(), *parts.values()])
    digest = hashlib.sha256(shown.encode()).hexdigest()
    return ConsentText(**words, scopes=parts, sha256=digest)
