"""The daily log: a Merkle tree over submission ids, and signed checkpoints of it.

Source: RFC 6962 (tree), C2SP tlog-checkpoint (note); docs/protocol.md.
"""

import base64
import binascii
import hashlib
import re
from collections.abc import Sequence

from portal_protocol.errors import NoteMalformed
from portal_protocol.notes import SigningKey, VerifyKey, open_note, sign_note

_CHECKPOINT = re.compile(
    r"(?P<origin>[^\n]+)\n(?P<size>0|[1-9][0-9]{0,17})\n(?P<root>[^\n]+)\n([^\n]+\n)*"
)
"""Further lines are for extensions, which we need none of."""


ROOT = 32
"""Bytes of a root."""


def leaf_hash(entry: bytes) -> bytes:
    """Return the hash of an entry."""
    return hashlib.sha256(b"\x00" + entry).digest()


def node_hash(left: bytes, right: bytes) -> bytes:
    """Return the hash of two subtrees."""
    return hashlib.sha256(b"\x01" + left + right).digest()


def root_hash(entries: Sequence[bytes]) -> bytes:
    """Return the root over entries in their order."""
    return _root([leaf_hash(entry) for entry in entries])


def inclusion_proof(index: int, entries: Sequence[bytes]) -> list[bytes]:
    """Return the hashes that prove that the entry at an index is in the tree.

    Raises:
        ValueError: If there is no entry at that index.
    """
    if not 0 <= index < len(entries):
        raise ValueError("no such entry")
    return _path(index, [leaf_hash(entry) for entry in entries])


def verify_inclusion(
    entry: bytes, index: int, size: int, proof: Sequence[bytes], root: bytes
) -> bool:
    """Tell whether a proof shows that an entry is in the tree of a root (RFC 9162, 2.1.3.2)."""
    if not 0 <= index < size:
        return False
    node, last, value = index, size - 1, leaf_hash(entry)
    for sibling in proof:
        if last == 0:
            return False
        if node & 1 or node == last:
            value = node_hash(sibling, value)
            while node and not node & 1:
                node, last = node >> 1, last >> 1
        else:
            value = node_hash(value, sibling)
        node, last = node >> 1, last >> 1
    return last == 0 and value == root


def make_checkpoint(origin: str, entries: Sequence[bytes], *keys: SigningKey) -> str:
    """Sign size and root of a log."""
    root = base64.b64encode(root_hash(entries)).decode("ascii")
    return sign_note(f"{origin}\n{len(entries)}\n{root}\n", *keys)


def open_checkpoint(note: str, keys: Sequence[VerifyKey], *, origin: str) -> tuple[int, bytes]:
    """Return size and root of a signed checkpoint.

    Raises:
        NoteError: If it is not signed, or not a checkpoint of this log.
    """
    match = _CHECKPOINT.fullmatch(open_note(note, keys))
    if match is None or match["origin"] != origin:
        raise NoteMalformed("not a checkpoint of this log")
    try:
        root = base64.b64decode(match["root"], validate=True)
    except (binascii.Error, ValueError) as error:
        raise NoteMalformed("root") from error
    if len(root) != ROOT or base64.b64encode(root).decode("ascii") != match["root"]:
        raise NoteMalformed("root")
    return int(match["size"]), root


def _split(count: int) -> int:
    return 1 << (count - 1).bit_length() - 1


def _root(hashes: Sequence[bytes]) -> bytes:
    if not hashes:
        return hashlib.sha256(b"").digest()
    if len(hashes) == 1:
        return hashes[0]
    cut = _split(len(hashes))
    return node_hash(_root(hashes[:cut]), _root(hashes[cut:]))


def _path(index: int, hashes: Sequence[bytes]) -> list[bytes]:
    if len(hashes) <= 1:
        return []
    cut = _split(len(hashes))
    if index < cut:
        return [*_path(index, hashes[:cut]), _root(hashes[cut:])]
    return [*_path(index - cut, hashes[cut:]), _root(hashes[:cut])]
