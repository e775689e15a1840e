"""Passes: a little work done by the sender's machine, exchanged for leave to send one submission.

The work has nothing to do with who sends or what: it is a brake for those who send thousands of
times. A task is a challenge with a number of small puzzles, so that its length varies little.

Source: docs/protocol.md, section 8.
"""

import hashlib
import json
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any

from portal_protocol.errors import TaskInvalid

HEADER = "Portal-Pass"
"""Header of a request that shows a pass."""
CHALLENGE_ADDRESS = "/v1/challenge"
PASSES_ADDRESS = "/v1/passes"
MOST_BITS = 26
MOST_PUZZLES = 64
LARGEST_NUMBER = (1 << 32) - 1
LONGEST_CHALLENGE = 200

Ask = Callable[[str, str, bytes | None], bytes]
"""Asks the portal: method, address, body (none for GET); gives the answer or raises."""


@dataclass(frozen=True)
class Task:
    """What has to be worked out."""

    challenge: str
    """Text of the portal; it means nothing to anybody else."""
    bits: int
    """Bits at the beginning of a digest that have to be zero."""
    puzzles: int
    """Numbers that have to be found."""


def parse_task(answer: bytes) -> Task:
    """Read the portal's answer to `GET /v1/challenge`.

    Raises:
        TaskInvalid: If it is none, or asks for more work than any portal should.
    """
    try:
        value = json.loads(answer)
        challenge, bits, puzzles = value["challenge"], value["bits"], value["puzzles"]
    except (ValueError, KeyError, TypeError, RecursionError):
        raise TaskInvalid("not a task") from None
    if not isinstance(challenge, str) or not 0 < len(challenge) <= LONGEST_CHALLENGE:
        raise TaskInvalid("challenge")
    if type(bits) is not int or not 0 <= bits <= MOST_BITS:
        raise TaskInvalid("bits")
    if type(puzzles) is not int or not 1 <= puzzles <= MOST_PUZZLES:
        raise TaskInvalid("puzzles")
    return Task(challenge, bits, puzzles)


def solve(task: Task) -> list[int]:
    """Work a task out: some 2^bits digests for each puzzle.

    Returns:
        The smallest number that fits each puzzle; together with the puzzles they count the digests
        that were made.
    """
    seed = _seed(task.challenge)
    return [_solve_one(seed, puzzle, task.bits) for puzzle in range(task.puzzles)]


def is_solved(task: Task, numbers: Sequence[Any]) -> bool:
    """Tell whether numbers are a solution; this takes one digest for each."""
    if len(numbers) != task.puzzles:
        return False
    seed = _seed(task.challenge)
    return all(
        type(number) is int
        and 0 <= number <= LARGEST_NUMBER
        and _fits(_digest(seed, puzzle, number), task.bits)
        for puzzle, number in enumerate(numbers)
    )


def fetch_pass(ask: Ask) -> str:
    """Get a pass by working for it.

    Args:
        ask: How to reach the portal; what it raises is passed on.

    Returns:
        The value of the header `Portal-Pass`.

    Raises:
        TaskInvalid: If what answers is not a portal.
    """
    task = parse_task(ask("GET", CHALLENGE_ADDRESS, None))
    work = {"challenge": task.challenge, "numbers": solve(task)}
    return parse_pass(ask("POST", PASSES_ADDRESS, json.dumps(work).encode()))


def parse_pass(answer: bytes) -> str:
    """Read the portal's answer to `POST /v1/passes`.

    Raises:
        TaskInvalid: If there is no pass in it.
    """
    try:
        value = json.loads(answer)["pass"]
    except (ValueError, KeyError, TypeError, RecursionError):
        raise TaskInvalid("not a pass") from None
    if not isinstance(value, str) or not value.isascii() or not 0 < len(value) <= LONGEST_CHALLENGE:
        raise TaskInvalid("pass")
    return value


def _seed(challenge: str) -> bytes:
    return hashlib.sha256(challenge.encode()).digest()


def _solve_one(seed: bytes, puzzle: int, bits: int) -> int:
    number = 0
    while not _fits(_digest(seed, puzzle, number), bits):
        number += 1
    return number


def _digest(seed: bytes, puzzle: int, number: int) -> bytes:
    return hashlib.sha256(seed + puzzle.to_bytes(4) + number.to_bytes(4)).digest()


def _fits(digest: bytes, bits: int) -> bool:
    return int.from_bytes(digest[:4]) >> (32 - bits) == 0
