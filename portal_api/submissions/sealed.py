"""Checks of a sealed file that need no key: it is age, for the right kind of recipients, padded."""

from portal_api.errors import NotSealed, SizeNotAllowed
from portal_protocol.age import HYBRID, read_header
from portal_protocol.chunks import CHUNK_SIZE
from portal_protocol.errors import ProtocolError
from portal_protocol.manifest import Blob
from portal_protocol.padding import padded_file_size

NONCE = 16
TAG = 16
AGE_CHUNK = 65_536


def chunk_sizes(blob: Blob) -> list[tuple[str, int]]:
    """Return the names of a file's pieces with the length each must have."""
    last = blob.size - CHUNK_SIZE * (len(blob.chunks) - 1)
    sizes = [CHUNK_SIZE] * (len(blob.chunks) - 1) + [last]
    return list(zip(blob.chunks, sizes, strict=True))


def check_blob(beginning: bytes, size: int) -> int:
    """Check the header and the length of a sealed file.

    Args:
        beginning: Its first piece.
        size: Length of the whole, in bytes.

    Returns:
        How many recipients it has.

    Raises:
        NotSealed: If it does not begin as an age file to hybrid recipients.
        SizeNotAllowed: If its content is not padded.
    """
    try:
        header = read_header(beginning)
    except ProtocolError:
        raise NotSealed from None
    if any(stanza.arguments[0] != HYBRID for stanza in header.stanzas):
        raise NotSealed
    plain = _plain_size(size - header.size - NONCE)
    if plain <= 0 or padded_file_size(plain) != plain:
        raise SizeNotAllowed
    return len(header.stanzas)


def _plain_size(sealed: int) -> int:
    pieces = -(-sealed // (AGE_CHUNK + TAG))
    return sealed - TAG * pieces
