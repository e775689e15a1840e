"""Codes printed on what the Institution issues: random, with a check character, in four groups.

Source: Douglas Crockford, "Base 32" (alphabet and check characters).
"""

import secrets

LETTERS = "0123456789ABCDEFGHJKMNPQRSTVWXYZ"
_CHECKS = LETTERS + "*~$=U"
LENGTH = 16
"""Characters before the check character: 80 random bits."""
PLACEHOLDER = "0" * (LENGTH + 1)
"""Stands in samples, and for nothing real."""
_LOOKALIKES = str.maketrans("OIL", "011", " -")


class CodeInvalid(ValueError):
    """This is no code: a wrong length, a strange character, or a typing error."""


def new_code() -> str:
    """Return a new random code, without spaces."""
    number = secrets.randbits(5 * LENGTH)
    digits = "".join(LETTERS[number >> (5 * place) & 31] for place in reversed(range(LENGTH)))
    return digits + _CHECKS[number % 37]


def parse_code(text: str) -> str:
    """Return a code as it is stored, from what a person typed.

    Raises:
        CodeInvalid: If it is no code.
    """
    code = text.upper().translate(_LOOKALIKES)
    digits, check = code[:LENGTH], code[LENGTH:]
    if len(code) != LENGTH + 1 or not set(digits) <= set(LETTERS):
        raise CodeInvalid(f"a code has {LENGTH + 1} characters of {LETTERS}")
    number = 0
    for letter in digits:
        number = number * 32 + LETTERS.index(letter)
    if _CHECKS[number % 37] != check:
        raise CodeInvalid("the check character does not fit: a typing error")
    return code


def grouped(code: str) -> str:
    """Return a code in four groups, as it is shown; the last has the check character too."""
    starts = range(0, LENGTH, 4)
    return " ".join(code[at : at + 4] if at < LENGTH - 4 else code[at:] for at in starts)
