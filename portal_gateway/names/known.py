"""Names that are known: which one a part of a name is, so that names of like letters stay apart.

By their consonants Salem and Salim are one name, and so are فارس and فراس in Latin letters. Where
both parts are known names, it counts which, not how near their letters are.
"""

from functools import lru_cache
from pathlib import Path

import yaml

from portal_gateway.names.likeness import likeness
from portal_gateway.names.sounds import fold_arabic, is_arabic, sounds_of

NAMES = Path(__file__).parent / "known.yml"
SPOKEN_ALIKE = 0.93
"""From here on a Latin spelling is one of a known name."""
AS_WELL = 0.02
"""Names that fit hardly less well than the best are possible too."""


@lru_cache(maxsize=50_000)
def known_names(part: str) -> frozenset[str]:
    """Return the known names that a part may be; none if it is no known one.

    Args:
        part: As `words.parts_of` gives it.
    """
    if is_arabic(part):
        return frozenset({part}) & _arabic_names()
    fitting = {
        name: value
        for name, spoken, consonants in _spoken()
        if abs(consonants - len(sounds_of(part).consonants)) <= 1
        and (value := likeness(part, spoken)) >= SPOKEN_ALIKE
    }
    best = max(fitting.values(), default=0.0)
    return frozenset(name for name, value in fitting.items() if value >= best - AS_WELL)


@lru_cache(maxsize=1)
def _arabic_names() -> frozenset[str]:
    return frozenset(name for name, _, _ in _spoken())


@lru_cache(maxsize=1)
def _spoken() -> tuple[tuple[str, str, int], ...]:
    loaded: dict[str, str] = yaml.safe_load(NAMES.read_text(encoding="utf-8"))
    return tuple(
        (fold_arabic(name), form, len(sounds_of(form).consonants))
        for name, forms in loaded.items()
        for form in forms.split(", ")
    )
