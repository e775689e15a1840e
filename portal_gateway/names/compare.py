"""Whether two names may be one person's, and what speaks for and against it.

The answer is a reason to look, never a decision: people are told apart by people (rule DR-16).
"""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import lru_cache
from itertools import pairwise, permutations

from portal_gateway.names.known import are_other_names, known_names
from portal_gateway.names.likeness import likeness
from portal_gateway.names.short_forms import is_short_form
from portal_gateway.names.slips import is_dots_apart, is_one_letter_off, is_slip
from portal_gateway.names.sounds import is_arabic
from portal_gateway.names.words import Part, parts_of, rules, run_together, with_article

SAME_PART, BETWEEN_SCRIPTS = 0.82, 0.72
"""Two parts are taken for one name from here on; Latin letters say less of an Arabic name."""
SAME_KNOWN, OTHER_KNOWN = 0.95, 0.5
"""What two known names are worth if they are one name, at least, and if not, at most."""
CANDIDATE = 0.75
"""Two names are shown to a person from here on."""
MOST_PARTS = 7
"""Parts that are looked at; longer names repeat themselves."""
MOST_IN_ANY_ORDER = 5
"""Parts that are tried in every order: 120 ways at most."""
SLIP, NICKNAME = 0.86, 0.86
"""What two parts are worth that are one with a slip of the finger, or a name and its short form."""
SHORTEST_SLIP, SHORTEST_SLIP_UNKNOWN = 4, 5
"""Letters that a part has at least, to be taken for another one with a slip."""
SHORTEST_ROTATION = 3
"""Parts that have to stand in another order, to be taken for a name that begins with the family."""
_OPENING = re.compile("ابو|ام|abu|um")
_MOTHER_OF = ("ام", "um")
WHOLE_NAME = 3
"""Parts of a name with the father's and the family's."""
_RELIGION = re.compile("(?<=..)(?:دين|din)$")
NEARLY, NEARLY_ALONE = 0.77, 0.65
"""Two parts may be one name from here on: where two others are; where one is, across scripts."""
OTHER_VOWELS = 0.9
"""Two known names in Latin letters that only their vowels tell apart: Kenan is كنان, or كنعان."""
_MISSING = 0.03
_CONFLICT, _CONFLICT_OF_KINDS = 0.5, 0.26
_NEARLY_SAME, _BESIDE_KUNYA = 0.2, 0.1
_TURNED_ROUND = 0.45
_MOVED = 0.04
_LITTLE_KNOWN = 0.3
_SEEN_FROM_THE_OTHER = {"only_in_one": "only_in_other", "only_in_other": "only_in_one"}


@dataclass(frozen=True)
class Reason:
    """One thing that speaks for or against."""

    code: str
    """Key below `register.likeness` in translations/."""
    one: str = ""
    other: str = ""
    value: float = 0.0
    """How alike, or what it takes away."""


@dataclass(frozen=True)
class Likeness:
    """What came of comparing two names."""

    score: float
    """From 0 to 1."""
    reasons: tuple[Reason, ...]

    @property
    def candidate(self) -> bool:
        """Whether a person should look at the two."""
        return self.score >= CANDIDATE


@dataclass(frozen=True)
class _Pair:
    one: int
    other: int
    value: float


def compare(one: str, other: str) -> Likeness:
    """Compare two names in any script and order.

    Args:
        one: A name as somebody wrote it.
        other: Another one.

    Returns:
        A score, and the reasons for it in the order of the first name.
    """
    a, b = parts_of(one)[:MOST_PARTS], parts_of(other)[:MOST_PARTS]
    if not a or not b:
        return Likeness(0.0, (Reason("nothing_to_compare"),))
    if len(a) > len(b):
        found = compare(other, one)
        return Likeness(found.score, tuple(map(_turned, found.reasons)))
    score, reasons = max((_compared(a, read) for read in _readings(a, b)), key=lambda way: way[0])
    return Likeness(round(max(0.0, min(1.0, score)), 3), tuple(reasons))


def _turned(reason: Reason) -> Reason:
    """Return a reason as it is if the other name comes first."""
    code = _SEEN_FROM_THE_OTHER.get(reason.code, reason.code)
    return Reason(code, reason.other, reason.one, reason.value)


def _readings(a: Sequence[Part], b: Sequence[Part]) -> Iterator[Sequence[Part]]:
    """Yield the longer name as it is, and with neighbours as one: نور الهدى is نورالهدى."""
    yield b
    for many in range(2, len(b) - len(a) + 2):
        for place in range(len(b) - many + 1):
            together = run_together(b[place : place + many])
            if any(_best(part, together) >= SAME_PART for part in a):
                yield (*b[:place], together, *b[place + many :])


def _compared(a: Sequence[Part], b: Sequence[Part]) -> tuple[float, list[Reason]]:
    best = max(_matchings(a, b), key=lambda pairs: _score(a, b, pairs)[0])
    return _score(a, b, best)


def _matchings(a: Sequence[Part], b: Sequence[Part]) -> Iterator[tuple[_Pair, ...]]:
    """Yield the ways in which parts of the shorter name may stand for parts of the longer one."""
    table = [[_best(x, y) for y in b] for x in a]
    yield _greedy(table, in_order=True)
    yield _greedy(table, in_order=False)
    if len(b) <= MOST_IN_ANY_ORDER:
        for chosen in permutations(range(len(b)), len(a)):
            yield tuple(
                _Pair(i, j, table[i][j]) for i, j in enumerate(chosen) if table[i][j] >= SAME_PART
            )


def _greedy(table: list[list[float]], *, in_order: bool) -> tuple[_Pair, ...]:
    pairs: list[_Pair] = []
    free = set(range(len(table[0])))
    for i, row in enumerate(table):
        after = max((p.other for p in pairs), default=-1) if in_order else -1
        choices = [j for j in free if j > after and row[j] >= SAME_PART]
        if choices:
            j = max(choices, key=lambda place: (row[place], -place))
            free.discard(j)
            pairs.append(_Pair(i, j, row[j]))
    return tuple(pairs)


@lru_cache(maxsize=200_000)
def _best(one: Part, other: Part) -> float:
    return max(_as_read(x, y) for x in one.readings for y in other.readings)


def _as_read(one: Part, other: Part) -> float:
    values = [
        likeness(x, y) - (0.01 if x is not one.text or y is not other.text else 0.0)
        for x in (one.text, *one.spellings)
        for y in (other.text, *other.spellings)
    ]
    if is_short_form(one.text, other.text):
        return max(*values, NICKNAME)
    called = _called(one, other)
    these, those = map(known_names, called)
    if _are_two_persons(one, other) or (not these & those and are_other_names(*called)):
        return min(*values, OTHER_KNOWN)
    if these & those:
        return max(*values, SAME_KNOWN)
    shortest = SHORTEST_SLIP if these or those else SHORTEST_SLIP_UNKNOWN
    if min(len(one.text), len(other.text)) >= shortest and _is_slip(one, other):
        return max(*values, SLIP)
    best = max(values)
    if best >= BETWEEN_SCRIPTS and is_arabic(one.text) != is_arabic(other.text):
        return max(best, SAME_PART)
    return best


def _is_slip(one: Part, other: Part) -> bool:
    """Tell whether two parts are one with a slip, which may be in the article too: لاحلبي."""
    if is_slip(one.text, other.text):
        return True
    as_written = [with_article(part) for part in (one, other)]
    return as_written != [one.text, other.text] and is_slip(*as_written)


def _are_two_persons(one: Part, other: Part) -> bool:
    """Tell whether a man and a woman are meant: سعيد and سعيدة, Abu Ali and Umm Ali."""
    short, long = sorted((one.text, other.text), key=len)
    return _is_mother(one) != _is_mother(other) or (is_arabic(short) and long == f"{short}ه")


def _is_mother(part: Part) -> bool:
    return part.kind == "kunya" and part.text.startswith(_MOTHER_OF)


def _called(one: Part, other: Part) -> tuple[str, str]:
    """Return the names in two parts: of Abu Hasan and Abu Husain Hasan and Husain.

    Of Saad al-Din it is Saad, but only in one script: Nasreddine is نصر الدين or ناصر الدين.
    """
    names = [one.text, other.text]
    if one.kind == other.kind == "kunya":
        names = [_OPENING.sub("", name, count=1) for name in names]
    if is_arabic(one.text) == is_arabic(other.text):
        names = [_RELIGION.sub("", name) for name in names]
    return names[0], names[1]


def _score(
    a: Sequence[Part], b: Sequence[Part], pairs: Sequence[_Pair]
) -> tuple[float, list[Reason]]:
    reasons = [Reason("alike", a[p.one].written, b[p.other].written, p.value) for p in pairs]
    if not pairs:
        return 0.0, [Reason("different", a[0].written, b[0].written)]
    score = sum(p.value for p in pairs) / len(pairs)
    for reason in _against(a, b, pairs):
        score -= reason.value
        reasons.append(reason)
    return score, reasons


def _against(a: Sequence[Part], b: Sequence[Part], pairs: Sequence[_Pair]) -> Iterator[Reason]:
    left_a = [i for i in range(len(a)) if all(p.one != i for p in pairs)]
    left_b = [j for j in range(len(b)) if all(p.other != j for p in pairs)]
    unlike = list(zip(left_a, left_b, strict=False))
    nearly = [(i, j) for i, j in unlike if _is_nearly((a, i), (b, j), len(pairs))]
    for i, j in unlike:
        yield Reason("different", a[i].written, b[j].written, _conflict((a, i), (b, j), len(pairs)))
    for i in left_a[len(left_b) :]:
        yield Reason("only_in_one", a[i].written, "", _MISSING)
    for j in left_b[len(left_a) :]:
        yield Reason("only_in_other", "", b[j].written, _MISSING)
    if len(pairs) == 1 and len(b) > 1 and not nearly:
        yield Reason(
            "only_one_part", a[pairs[0].one].written, b[pairs[0].other].written, _LITTLE_KNOWN
        )
    yield from _order(a, b, pairs)
    if (0, 0) not in nearly and _begin_otherwise(a, b, pairs):
        yield Reason("first_name_different", a[0].written, b[0].written, _CONFLICT)


def _begin_otherwise(a: Sequence[Part], b: Sequence[Part], pairs: Sequence[_Pair]) -> bool:
    """Tell whether the first names are two, which brothers have, or a child and its parent."""
    if not any(p.one == 0 or p.other == 0 for p in pairs):
        return True
    first = next((p.other for p in pairs if p.one == 0), 0)
    before = [p.other for p in pairs if p.other < first]
    if len(pairs) < len(a) or len(a) == 1 or first == 0 or first - 1 in before:
        return False
    if before and not _is_given(a[0].text):
        return False
    return _is_child(b[first - 1], b[first], before=len(a))


def _is_child(part: Part, parent: Part, before: int) -> bool:
    """Tell whether a part before a whole name is a child's: Layla Anwar Qattan is no Anwar Qattan.

    Muhammad and Ahmad are not, which many men are called before their name, nor is Fatima before
    Zahra. What is not known at all is one before three parts; before two it may be the family's.
    """
    if part.kind != "name" or _is_listed(part, "first_halves"):
        return False
    if _is_listed(parent, "second_halves"):
        return False
    return _is_given(part.text) or (before >= WHOLE_NAME and not known_names(part.text))


def _is_listed(part: Part, rule: str) -> bool:
    return any(_best(part, listed) >= SAME_KNOWN for listed in _listed(rule))


def _is_nearly(
    first: tuple[Sequence[Part], int], second: tuple[Sequence[Part], int], pairs: int
) -> bool:
    """Tell whether two parts may be one name, seeing how many others are."""
    one, other = (parts[place] for parts, place in (first, second))
    if pairs > 1 and _may_be_typed_wrong(one, other):
        return True
    if pairs == 1 and is_arabic(one.text) == is_arabic(other.text):
        return False
    if first[1] == second[1] == 0:
        return False  # Brothers and sisters share whatever comes after it.
    return (NEARLY if pairs > 1 else NEARLY_ALONE) <= _best(one, other) < SAME_PART


def _may_be_typed_wrong(one: Part, other: Part) -> bool:
    arabic = is_arabic(one.text)
    shortest = SHORTEST_SLIP if arabic else SHORTEST_SLIP_UNKNOWN
    long_enough = min(len(one.text), len(other.text)) >= shortest
    others = are_other_names(*_called(one, other))
    return long_enough and not others and is_one_letter_off(one.text, other.text)


def _only_vowels_differ(one: Part, other: Part) -> bool:
    if is_arabic(one.text) and is_arabic(other.text):
        return False
    return likeness(one.text, other.text) >= OTHER_VOWELS and _best(one, other) < SAME_PART


def _conflict(
    first: tuple[Sequence[Part], int], second: tuple[Sequence[Part], int], pairs: int
) -> float:
    """Return what two parts take away that are not one name, beside some pairs that are."""
    one, other = (parts[place] for parts, place in (first, second))
    if any(parts[place].kind == "kunya" and place == 0 for parts, place in (first, second)):
        # Abu Yazan stands before a name; that the other one has more parts says little.
        return _CONFLICT_OF_KINDS if one.kind == other.kind else _BESIDE_KUNYA
    if _is_nearly(first, second, pairs):
        return _NEARLY_SAME
    if pairs > 1 and first[1] and second[1] and _only_vowels_differ(one, other):
        return _NEARLY_SAME
    if pairs > 1 and one.kind == other.kind == "family" and is_dots_apart(one.text, other.text):
        return _NEARLY_SAME  # زعبي and زغبي are two families, and one that was copied by hand.
    return _CONFLICT if one.kind == other.kind != "kunya" else _CONFLICT_OF_KINDS


def _order(a: Sequence[Part], b: Sequence[Part], pairs: Sequence[_Pair]) -> Iterator[Reason]:
    """Yield parts that stand in another order: a family name may move, father and son may not."""
    places = [p.other for p in sorted(pairs, key=lambda p: p.one)]
    all_the_way_round = _is_rotation(places) or _is_backwards(a, b, pairs, places)
    stays = any(_is_family_in_place(a, b, p) for p in pairs)
    for first in pairs:
        for second in pairs:
            if first.one < second.one and first.other > second.other:
                families = [_is_family(a[p.one]) or _is_family(b[p.other]) for p in (first, second)]
                may_move = all_the_way_round or (any(families) and not stays)
                value = _MOVED if may_move else _TURNED_ROUND
                code = "moved" if may_move else "turned_round"
                yield Reason(code, a[first.one].written, a[second.one].written, value)


def _is_family_in_place(a: Sequence[Part], b: Sequence[Part], pair: _Pair) -> bool:
    """Tell whether both names end with this part or begin with it as a family's name.

    What is turned round beside it is a child and a father then, whatever their names are.
    """
    one, other = a[pair.one], b[pair.other]
    if (pair.one, pair.other) == (len(a) - 1, len(b) - 1):
        return "kunya" not in (one.kind, other.kind)
    return pair.one == pair.other == 0 and "family" in (one.kind, other.kind)


def _is_rotation(places: list[int]) -> bool:
    """Tell whether three parts or more go round: a family's name put first, whatever name it is."""
    falls = sum(one > other for one, other in pairwise(places))
    return len(places) >= SHORTEST_ROTATION and falls == 1 and places[-1] < places[0]


def _is_backwards(
    a: Sequence[Part], b: Sequence[Part], pairs: Sequence[_Pair], places: list[int]
) -> bool:
    """Tell whether three parts or more are said from the family's name back to the given one."""
    ends = [p for p in pairs if p.one in (0, len(a) - 1)]
    return (
        len(places) >= SHORTEST_ROTATION
        and places == sorted(places, reverse=True)
        and any(_is_family(a[p.one]) or _is_family(b[p.other]) for p in ends)
    )


def _is_family(part: Part) -> bool:
    return part.kind == "family" or not _is_given(part.text)


@lru_cache(maxsize=50_000)
def _is_given(text: str) -> bool:
    known = known_names(text)
    return bool(known) and known <= _given_names()


@lru_cache(maxsize=1)
def _given_names() -> frozenset[str]:
    return frozenset(name for part in _listed("given") for name in known_names(part.text))


@lru_cache(maxsize=4)
def _listed(rule: str) -> tuple[Part, ...]:
    return tuple(parts_of(name)[0] for name in rules()[rule])
