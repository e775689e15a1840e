"""Finding: what fits the words of a query best. theme/scripts/search/ranking.ts does the same."""

import itertools
from collections.abc import Callable

from portal_content.search.pieces import Piece, unpack
from portal_content.search.shapes import Shapes

SAME, SAME_SKELETON, BEGINS, ONE_WRONG, TWO_WRONG = 100, 60, 70, 50, 35
"""How far a word of the index answers a word of the query, in hundredths."""
HINT = 10
"""What two consonants in common say if the word itself is known: it is hardly ever meant then."""
GOOD_ENOUGH = SAME_SKELETON
"""From here on the word counts as found, and nothing is taken off it to look again."""
SHORT_SKELETON, SHORT_WORD = 2, 5
"""Two consonants bring only short words together: too many long ones share them."""
SHORTEST_BEGINNING = 3
LONG, VERY_LONG = 4, 8
"""Letters from which one wrong letter is forgiven, and two."""
MOST_WORDS = 6
"""Words of a query that are looked up: each costs bytes on a slow line."""
LONGEST_JOINED = 20
"""Letters up to which a word is taken for several without spaces: two or three of them."""
LONGEST_SLIPPED = 9
"""Letters up to which a slip at the beginning is looked for: a longer row is several words."""
MOST_WRONG_TURNS = 2
"""Ways to take a word apart that may lead nowhere: each costs bytes on a slow line."""
SHORTEST_PART = 3
"""Letters of a word that is looked for among several typed without spaces."""
ALL = 100

Graded = tuple[int, list[int]]
"""How far a word of the index answers one of the query, and where it stands."""
Known = tuple[str, dict[int, int]]
"""The stem of a word, and how well each entry answers it."""
Load = Callable[[str], Piece]
"""Returns the words that a skeleton stands among; empty if there are none."""


def rank(query: str, shapes: Shapes, load: Load) -> list[tuple[int, int]]:
    """Return what answers a query, the best first.

    Args:
        query: As it was typed.
        shapes: Of the language.
        load: Gives the words among which a skeleton is found.

    Returns:
        Number and score of each entry.
    """
    words = _most_telling(shapes.telling(query))
    known = [known for word in words for known in _look_up(word, shapes, load)]
    found = [places for _, places in known if places]
    for (first, _), (second, _) in itertools.pairwise(known):
        phrase = load(shapes.skeleton(first)).get(f"{first} {second}")
        if phrase is not None:
            found.append(unpack(phrase))
    scores: dict[int, int] = {}
    for number in {number for places in found for number in places}:
        there = [places[number] for places in found if number in places]
        scores[number] = sum(there) * (ALL * len(there) // len(found)) // ALL
    return sorted(scores.items(), key=lambda item: (-item[1], item[0]))


def _most_telling(words: list[str]) -> list[str]:
    """Return the longest words of a long question, as they follow one another."""
    longest = sorted(range(len(words)), key=lambda place: (-len(words[place]), place))
    return [words[place] for place in sorted(longest[:MOST_WORDS])]


def _look_up(word: str, shapes: Shapes, load: Load) -> list[Known]:
    """Return what is known of a word: as it stands, without what is attached, or in its parts."""
    stem = shapes.stem(word)
    resembling: list[Graded] = []
    answer: list[Graded] | None = None
    for form in shapes.forms(word):
        graded = _graded(form, shapes, load)
        highest = _highest(graded)
        short = len(shapes.skeleton(shapes.stem(form))) <= SHORT_SKELETON
        # What is left of a word may be short by chance.
        by_chance = short and form != word
        if highest == SAME and not by_chance:
            answer = _meant(graded, known=True, short=short)
            break
        if answer is None and (highest == SAME or (highest >= GOOD_ENOUGH and not by_chance)):
            answer = _meant(graded, known=highest == SAME, short=short)
        if highest > _highest(resembling):
            resembling = graded
        if answer is None and shapes.says_nothing(form):
            return [(stem, {})]
    if answer is not None:
        return [(stem, _places(answer))]
    parts = [] if _highest(resembling) >= ONE_WRONG else _apart(word, shapes, load)
    if parts:
        return [known for part in parts for known in _look_up(part, shapes, load)]
    return [(stem, _places(resembling + _slipped(stem, shapes, load)))]


def _meant(graded: list[Graded], *, known: bool, short: bool) -> list[Graded]:
    """Leave out what only resembles a word that is known: it is another word."""
    if not known:
        return graded
    kept = [one for one in graded if one[0] >= GOOD_ENOUGH]
    if not short:
        return kept
    return [(HINT if grade == SAME_SKELETON else grade, flat) for grade, flat in kept]


def _slipped(stem: str, shapes: Shapes, load: Load) -> list[Graded]:
    """Return what a word may be if one of its first consonants is wrong."""
    if not LONG <= len(stem) <= LONGEST_SLIPPED:
        return []
    pieces = {id(piece): piece for piece in map(load, shapes.slips(shapes.skeleton(stem)))}
    return [
        (ONE_WRONG, flat)
        for piece in pieces.values()
        for term, flat in piece.items()
        if wrong_letters(term, stem, 1) == 1
    ]


def _apart(word: str, shapes: Shapes, load: Load) -> list[str]:
    """Return the telling ones of several words typed without spaces; nothing if one is unknown."""
    hopeless: set[int] = set()
    if len(word) > LONGEST_JOINED:
        return []

    def from_place(start: int) -> list[str] | None:
        if start == len(word):
            return []
        for end in range(len(word), start + SHORTEST_PART - 1, -1):
            part = word[start:end]
            stem, says_nothing = shapes.stem(part), shapes.says_nothing(part)
            if len(hopeless) > MOST_WRONG_TURNS:
                return None
            if end in hopeless or not (says_nothing or stem in load(shapes.skeleton(stem))):
                continue
            after = from_place(end)
            if after is not None:
                return after if says_nothing else [part, *after]
        hopeless.add(start)
        return None

    return from_place(0) or []


def _graded(form: str, shapes: Shapes, load: Load) -> list[Graded]:
    stem = shapes.stem(form)
    skeleton = shapes.skeleton(stem)
    return [
        (grade, flat)
        for term, flat in load(skeleton).items()
        if (grade := _grade(term, stem, skeleton, shapes))
    ]


def _highest(graded: list[Graded]) -> int:
    return max((grade for grade, _ in graded), default=0)


def _places(graded: list[Graded]) -> dict[int, int]:
    best: dict[int, int] = {}
    for grade, flat in graded:
        for number, weight in unpack(flat).items():
            best[number] = max(best.get(number, 0), weight * grade // ALL)
    return best


def _grade(term: str, stem: str, skeleton: str, shapes: Shapes) -> int:
    """Return how far a word of the index answers one of the query; 0 if it does not."""
    if " " in term:
        return 0
    if term == stem:
        return SAME
    shorter, longer = sorted((term, stem), key=len)
    telling = len(skeleton) > SHORT_SKELETON or len(longer) <= SHORT_WORD
    grade = SAME_SKELETON if telling and shapes.skeleton(term) == skeleton else 0
    if len(shorter) >= SHORTEST_BEGINNING and longer.startswith(shorter):
        grade = max(grade, BEGINS * len(shorter) // len(longer))
    if len(stem) >= LONG and grade < ONE_WRONG:
        allowed = 2 if len(stem) >= VERY_LONG else 1
        wrong = wrong_letters(term, stem, allowed)
        if wrong <= allowed:
            grade = max(grade, ONE_WRONG if wrong == 1 else TWO_WRONG)
    return grade


def wrong_letters(one: str, other: str, most: int) -> int:
    """Return how many letters are wrong, missing, too many or exchanged with their neighbour.

    Args:
        one: A word.
        other: Another one.
        most: More than this need not be told apart from this plus one.
    """
    if abs(len(one) - len(other)) > most:
        return most + 1
    before: list[int] = []
    last = list(range(len(other) + 1))
    for row, letter in enumerate(one, 1):
        now = [row]
        for column, wanted in enumerate(other, 1):
            cost = min(now[column - 1] + 1, last[column] + 1, last[column - 1] + (letter != wanted))
            if row > 1 and column > 1 and letter == other[column - 2] and one[row - 2] == wanted:
                cost = min(cost, before[column - 2] + 1)
            now.append(cost)
        before, last = last, now
    return min(last[-1], most + 1)
