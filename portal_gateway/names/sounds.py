"""Sounds of a name: consonants with what stands between them, from Arabic or Latin letters.

Arabic writes consonants and long vowels, Latin spellings write every vowel but run several Arabic
consonants together. So both become a row of consonants with a gap of vowels before, between and
after them; what one script cannot say costs nothing when it is compared.
"""

import re
import unicodedata
from dataclasses import dataclass
from functools import lru_cache

ARABIC_CONSONANTS = {
    "ب": "b", "ت": "t", "ث": "θ", "ج": "j", "ح": "ħ", "خ": "x", "د": "d", "ذ": "ð", "ر": "r",
    "ز": "z", "س": "s", "ش": "š", "ص": "ṣ", "ض": "ḍ", "ط": "ṭ", "ظ": "ẓ", "غ": "ɣ", "ف": "f",
    "ق": "q", "ك": "k", "ل": "l", "م": "m", "ن": "n", "ه": "h", "پ": "p", "چ": "č", "ژ": "ž",
    "ڤ": "v", "گ": "g", "ݢ": "g", "ڨ": "g", "ڕ": "r", "ڵ": "l",
}  # fmt: skip
ARABIC_VOWELS = {
    "ا": "A",
    "ى": "I",
    "ئ": "'",
    "و": "W",
    "ي": "Y",
    "ع": "E",
    "ء": "'",
    "ۆ": "W",
    "ێ": "Y",
    "ە": "a",
}
"""Long vowels, and the throat sounds that Latin spellings leave out or write as a vowel.

Alif maqsura has a letter of its own: some write it for ya, others the other way round."""

LATIN_CONSONANTS = {
    "b": "b", "c": "jkčq", "d": "dḍ", "f": "f", "g": "gjqɣ", "h": "hħ", "j": "jž", "k": "kq",
    "l": "l", "m": "m", "n": "n", "p": "pb", "q": "qɣ", "r": "r", "s": "sṣθ", "t": "tṭ", "v": "vf",
    "x": "xɣ", "z": "zẓð", "ç": "č", "ş": "š", "ğ": "ɣ", "ḥ": "ħ",
    # What digraphs have become; see _DIGRAPHS.
    "X": "xħ", "G": "ɣ", "S": "š", "C": "čš", "T": "θtð", "D": "ðẓḍd", "J": "j",
}  # fmt: skip
"""The Arabic consonants that each Latin letter may stand for, the likeliest first."""

_DIGRAPHS = (
    ("dsch", "J"), ("tsch", "C"), ("sch", "S"), ("dj", "J"), ("dž", "J"), ("tch", "C"),
    ("kh", "X"), ("gh", "G"), ("sh", "S"), ("ch", "C"), ("th", "T"), ("dh", "D"), ("ck", "k"),
    ("ph", "f"), ("qu", "k"), ("ou", "u"), ("oo", "u"), ("ee", "i"), ("ue", "u"), ("aa", "a"),
)  # fmt: skip
_KEPT_MARKS = {
    "ç": "ç",
    "ş": "S",
    "ğ": "G",
    "š": "S",
    "č": "C",
    "ž": "J",
    "ḥ": "h",
    "ö": "o",
    "ê": "Y",
    "î": "Y",
    "û": "W",
}
_LATIN_VOWELS = {
    "a": "a",
    "e": "e",
    "i": "i",
    "o": "o",
    "u": "u",
    "y": "Y",
    "w": "W",
    "ı": "i",
    "Y": "Y",
    "W": "W",
}
_GLIDE = re.compile("iy(?=[aeou])")
_HAMZA = {"أ": "ا", "إ": "ا", "آ": "ا", "ٱ": "ا", "ؤ": "و", "ک": "ك", "ی": "ي"}
_HAMZA |= {"ھ": "ه", "ہ": "ه", "ۀ": "ه", "ة": "ه", "ۃ": "ه"}


@dataclass(frozen=True)
class Sounds:
    """One part of a name as sounds."""

    consonants: tuple[str, ...]
    """For each, the sounds it may stand for."""
    gaps: tuple[str, ...]
    """Vowels before, between and after the consonants: one more than there are consonants."""
    arabic: bool


def fold_arabic(text: str) -> str:
    """Return Arabic letters without marks, hamza, tatweel and other ways of writing one letter."""
    plain = unicodedata.normalize("NFKC", text)
    plain = "".join(c for c in plain if not unicodedata.combining(c) and c != "ـ")
    return "".join(_HAMZA.get(c, c) for c in plain).replace("وو", "و")


def fold_latin(text: str) -> str:
    """Return Latin letters in small, without accents but those that change a consonant."""
    small = text.replace("İ", "i").replace("I", "i").lower()
    kept = "".join(_KEPT_MARKS.get(c, c) for c in unicodedata.normalize("NFC", small))
    plain = unicodedata.normalize("NFKD", kept)
    # "C" and the like stand for digraphs from here on; a cedilla that was decomposed is kept above.
    return "".join(c for c in plain if not unicodedata.combining(c) or c == "̧")


def is_arabic(text: str) -> bool:
    """Tell whether a text is written in Arabic letters."""
    return any("؀" <= c <= "ۿ" or "ݐ" <= c <= "ݿ" for c in text)


@lru_cache(maxsize=50_000)
def sounds_of(part: str) -> Sounds:
    """Return the sounds of one part of a name.

    Args:
        part: A part as `words.parts_of` gives it: folded, without article.
    """
    return _from_arabic(part) if is_arabic(part) else _from_latin(part)


def _from_arabic(part: str) -> Sounds:
    consonants: list[str] = []
    gaps = [""]
    last = len(part) - 1
    for place, letter in enumerate(part):
        vowel = ARABIC_VOWELS.get(letter)
        # At the end of a word this letter is mostly the silent mark of a feminine name.
        # After ع too (جمعة); after other vowels it may be either, see `words`.
        if letter == "ه" and place == last and len(consonants) > 1 and gaps[-1] in ("", "E"):
            vowel = "a"
        if vowel:
            gaps[-1] += vowel if not gaps[-1].endswith(vowel) else ""
        elif letter in ARABIC_CONSONANTS:
            # Two letters are two consonants: Arabic writes a doubled one once.
            consonants.append(ARABIC_CONSONANTS[letter])
            gaps.append("")
    return Sounds(tuple(consonants), tuple(gaps), arabic=True)


def _from_latin(part: str) -> Sounds:
    # A y between i and another vowel is only heard: Ziyad is Ziad.
    text = _GLIDE.sub("i", part)
    for written, meant in _DIGRAPHS:
        text = text.replace(written, meant)
    consonants: list[str] = []
    gaps = [""]
    for letter in text:
        vowel = _LATIN_VOWELS.get(letter)
        if vowel:
            gaps[-1] += vowel if not gaps[-1].endswith(vowel) else ""
        elif letter in LATIN_CONSONANTS:
            _add(consonants, gaps, LATIN_CONSONANTS[letter])
    return Sounds(tuple(consonants), tuple(gaps), arabic=False)


def _add(consonants: list[str], gaps: list[str], consonant: str) -> None:
    """Add a consonant; one that is only doubled counts once."""
    if consonants and consonants[-1] == consonant and gaps[-1] == "":
        return
    consonants.append(consonant)
    gaps.append("")
