"""Short forms that families use: عبدو for every servant of God, Hemo for Mohammed."""

from functools import lru_cache
from pathlib import Path

import yaml

from portal_gateway.names.known import known_names
from portal_gateway.names.words import parts_of

SHORT_FORMS = Path(__file__).parent / "short_forms.yml"
_SERVANT, _SERVANTS = "عبد", ("عبد", "abd")


def is_short_form(one: str, other: str) -> bool:
    """Tell whether one of two parts is a short form of the other.

    Args:
        one: A part as `words.parts_of` gives it.
        other: Another one.
    """
    return _stands_for(one, other) or _stands_for(other, one)


@lru_cache(maxsize=50_000)
def _stands_for(short: str, name: str) -> bool:
    names = _short_forms().get(short)
    if names is None or short == name:
        return False
    if _SERVANT in names and name.startswith(_SERVANTS) and name not in _SERVANTS:
        return True
    return name in names or bool(known_names(name) & names)


@lru_cache(maxsize=1)
def _short_forms() -> dict[str, frozenset[str]]:
    """Return what each short form stands for: names as they are compared, and as they are known."""
    loaded: dict[str, str] = yaml.safe_load(SHORT_FORMS.read_text(encoding="utf-8"))
    found: dict[str, frozenset[str]] = {}
    for shorts, names in loaded.items():
        texts = frozenset(parts_of(name)[0].text for name in names.split(", "))
        known = frozenset(one for text in texts if text != _SERVANT for one in known_names(text))
        found |= {parts_of(short)[0].text: texts | known for short in shorts.split(", ")}
    return found
