"""Return codes: 22 random digits and two check digits, all a person has to keep.

Source: docs/protocol.md; check digits follow ISO 7064 MOD 97-10.
"""

import secrets

from portal_protocol.digits import arabic_digits, ascii_digits
from portal_protocol.errors import ReturnCodeCheck, ReturnCodeLength

LENGTH = 24
NUMBERS = 10**22
"""How many codes there are."""
GROUP = 4


def new_code() -> str:
    """Draw a code: 24 ASCII digits."""
    return code_from_number(secrets.randbelow(NUMBERS))


def code_from_number(number: int) -> str:
    """Return the code of a number.

    Raises:
        ValueError: If the number is not in the range 0 to 10^22 - 1.
    """
    if not 0 <= number < NUMBERS:
        raise ValueError("a return code has 22 random digits")
    return f"{number:022d}{98 - number * 100 % 97:02d}"


def parse_code(text: str) -> str:
    """Read a code as a person types it: any digit set, any spaces and groups.

    Returns:
        24 ASCII digits.

    Raises:
        ReturnCodeLength: If there are not 24 digits.
        ReturnCodeCheck: If a digit is wrong.
    """
    digits = ascii_digits(text)
    if len(digits) != LENGTH:
        raise ReturnCodeLength(f"{len(digits)} digits")
    if int(digits) % 97 != 1:
        raise ReturnCodeCheck
    return digits


def grouped(code: str, *, arabic: bool = False) -> str:
    """Show a code in six groups of four, in ASCII or Arabic-Indic digits."""
    groups = " ".join(code[start : start + GROUP] for start in range(0, len(code), GROUP))
    return arabic_digits(groups) if arabic else groups
