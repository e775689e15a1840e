"""Work for a pass: what it costs is counted in digests, and what pretends to be done is seen."""

import json
from statistics import mean, pstdev
from typing import Any

import pytest

from portal_protocol.errors import TaskInvalid
from portal_protocol.passes import Task, fetch_pass, is_solved, parse_pass, parse_task, solve

CALM = Task("a challenge", bits=9, puzzles=16)


def digests(numbers: list[int]) -> int:
    return sum(number + 1 for number in numbers)


def test_a_solution_is_one_and_no_other_challenge_s() -> None:
    numbers = solve(CALM)

    assert is_solved(CALM, numbers)
    assert not is_solved(Task("another", CALM.bits, CALM.puzzles), numbers)
    assert not is_solved(CALM, numbers[:-1])
    assert not is_solved(CALM, [*numbers, numbers[0]])


def test_each_bit_doubles_the_work_and_its_length_varies_little() -> None:
    counts = {
        bits: [digests(solve(Task(f"challenge {n}", bits, 16))) for n in range(40)]
        for bits in (6, 7, 8)
    }

    for bits, made in counts.items():
        assert mean(made) == pytest.approx(16 * 2**bits, rel=0.2)
        assert pstdev(made) < 0.4 * mean(made)


@pytest.mark.parametrize(
    "numbers",
    [[], [0] * 16, [-1] * 16, [True] * 16, [1 << 32] * 16, ["1"] * 16, [None] * 16, [0.5] * 16],
)
def test_what_is_no_solution_is_none(numbers: list[Any]) -> None:
    assert not is_solved(CALM, numbers)


@pytest.mark.parametrize(
    "answer",
    [
        b"",
        b"<html>please sign in</html>",
        b"[]",
        b"[" * 10_000,
        b'{"challenge":"x","bits":27,"puzzles":16}',
        b'{"challenge":"x","bits":9,"puzzles":1000}',
        b'{"challenge":"x","bits":true,"puzzles":1}',
        b'{"challenge":"","bits":9,"puzzles":16}',
        b'{"challenge":5,"bits":9,"puzzles":16}',
    ],
)
def test_nobody_works_for_what_is_no_portal(answer: bytes) -> None:
    with pytest.raises(TaskInvalid):
        parse_task(answer)


@pytest.mark.parametrize("answer", [b"", b"{}", b'{"pass":""}', b'{"pass":"\xd8\xa7"}', b'["x"]'])
def test_what_is_no_pass_is_not_shown_to_anybody(answer: bytes) -> None:
    with pytest.raises(TaskInvalid):
        parse_pass(answer)


def test_a_pass_is_fetched_with_two_requests() -> None:
    asked: list[tuple[str, str]] = []

    def portal(method: str, address: str, body: bytes | None) -> bytes:
        asked.append((method, address))
        if body is None:
            return json.dumps({"challenge": "x", "bits": 4, "puzzles": 2}).encode()
        done = json.loads(body)
        assert is_solved(Task("x", 4, 2), done["numbers"])
        return b'{"pass":"let-in"}'

    assert fetch_pass(portal) == "let-in"
    assert asked == [("GET", "/v1/challenge"), ("POST", "/v1/passes")]
