"""Digits: every phone may type them its own way, the number is the same."""

ZEROS = (0x0030, 0x0660, 0x06F0)
"""Where ASCII, Arabic-Indic and Extended Arabic-Indic digits start in Unicode."""

_ASCII = {chr(zero + n): str(n) for zero in ZEROS for n in range(10)}
_WESTERN = str.maketrans(_ASCII)
_ARABIC = {ord("0") + n: chr(0x0660 + n) for n in range(10)}


def ascii_digits(text: str) -> str:
    """Keep the digits of a text, as ASCII, in the order typed; drop everything else."""
    return "".join([_ASCII[character] for character in text if character in _ASCII])


def western_digits(text: str) -> str:
    """Write every digit of a text as ASCII; everything else stays."""
    return text.translate(_WESTERN)


def arabic_digits(text: str) -> str:
    """Show the ASCII digits of a text as Arabic-Indic ones."""
    return text.translate(_ARABIC)
