"""How much text fits one short message (SMS), and how much one that is passed on."""

_GSM = frozenset(
    "@£$¥èéùìòÇ\nØø\rÅåΔ_ΦΓΛΩΠΨΣΘΞÆæßÉ !\"#¤%&'()*+,-./0123456789:;<=>?¡"
    "ABCDEFGHIJKLMNOPQRSTUVWXYZÄÖÑÜ§¿abcdefghijklmnopqrstuvwxyzäöñüà"
)
_GSM_DOUBLE = frozenset("^{}\\[~]|€\f")
GSM_LENGTH = 160
UNICODE_LENGTH = 70
"""UTF-16 code units: one letter that GSM lacks makes the whole message so short."""


def sms_room(text: str) -> int:
    """Return how much more fits one message; below zero if it is too long already.

    Source: 3GPP TS 23.038, default alphabet and its extension.
    """
    letters = frozenset(text)
    if letters <= _GSM | _GSM_DOUBLE:
        return GSM_LENGTH - len(text) - sum(text.count(letter) for letter in _GSM_DOUBLE)
    return UNICODE_LENGTH - len(text.encode("utf-16-le")) // 2


def first_that_fits(*texts: str) -> str:
    """Return the first text that fits one message, the best first.

    Raises:
        ValueError: If none fits.
    """
    for text in texts:
        if sms_room(text) >= 0:
            return text
    raise ValueError(f"too long for a short message: {texts[-1]}")


def within(limit: int, needed: list[str], wished: list[str]) -> str:
    """Join lines, leaving out those wished for, the last first, until they fit a limit.

    Args:
        limit: Characters.
        needed: Lines that always stand, in their order.
        wished: Lines that stand after the first of them as far as there is room.

    Raises:
        ValueError: If even the needed ones do not fit.
    """
    for kept in range(len(wished), -1, -1):
        text = "\n".join([needed[0], *wished[:kept], *needed[1:]])
        if len(text) <= limit:
            return text
    raise ValueError(f"longer than {limit} characters: {needed[0]}")
