"""The index in pieces: small files of words that begin alike, so that a search loads little.

Piece `p/<beginning>.json`: {stem: [number, weight, number, weight, …]}, numbers as steps from the
one before. Entry `e/<number>.json`: {id, page, address, title, summary, headings}. The beginning
is that of the skeleton of the (first) stem; the longest beginning that there is counts.
"""

import json
from collections import defaultdict
from collections.abc import Mapping
from typing import Any

from portal_content.search.corpus import Entry
from portal_content.search.index import Index, Postings
from portal_content.search.shapes import Shapes

LARGEST_PIECE = 4_000
"""Bytes before packing above which words are told apart by one more letter."""
LONGEST_BEGINNING = 5

Piece = dict[str, list[int]]


def make_pieces(index: Index, shapes: Shapes) -> dict[str, Piece]:
    """Return the words of an index by the beginning of their skeletons."""
    words = {term: shapes.skeleton(term.split(" ")[0]) for term in index.terms}
    packed = {term: pack(postings) for term, postings in index.terms.items()}
    pieces: dict[str, Piece] = {}
    waiting = [("", sorted(words))]
    while waiting:
        beginning, terms = waiting.pop()
        piece = {term: packed[term] for term in terms}
        if beginning and (_is_small(piece) or len(beginning) == LONGEST_BEGINNING):
            pieces[beginning] = piece
            continue
        split: dict[str, list[str]] = defaultdict(list)
        for term in terms:
            split[words[term][: len(beginning) + 1]].append(term)
        if beginning in split:
            pieces[beginning] = {term: packed[term] for term in split.pop(beginning)}
        waiting += split.items()
    return dict(sorted(pieces.items()))


def piece_of(skeleton: str, beginnings: Mapping[str, Any] | frozenset[str]) -> str | None:
    """Return the beginning under which a skeleton is found, or none if there is nothing."""
    for length in range(min(LONGEST_BEGINNING, len(skeleton)), 0, -1):
        if skeleton[:length] in beginnings:
            return skeleton[:length]
    return None


def pack(postings: Postings) -> list[int]:
    """Return postings as a flat list with small numbers."""
    flat, before = [], 0
    for number, weight in postings.items():
        flat += [number - before, weight]
        before = number
    return flat


def unpack(flat: list[int]) -> Postings:
    """Return what `pack` was given."""
    postings, number = {}, 0
    for step, weight in zip(flat[::2], flat[1::2], strict=True):
        number += step
        postings[number] = weight
    return postings


def entry_json(entry: Entry) -> dict[str, Any]:
    """Return what a result shows of an entry."""
    return {
        "id": entry.id,
        "page": entry.page,
        "address": entry.address,
        "title": entry.title,
        "summary": entry.summary,
        "headings": [list(heading) for heading in entry.headings],
    }


def _is_small(piece: Piece) -> bool:
    return len(json.dumps(piece, ensure_ascii=False).encode()) <= LARGEST_PIECE
