"""Filled forms as people, hurried thumbs and programs send them: strategies for Hypothesis."""

from collections.abc import Callable, Mapping

from hypothesis import strategies as st

from portal_content.forms.answers import CONSENT_CHANGES, GIVEN, PARTS
from portal_content.forms.assistance import PARTS as HELPER_PARTS
from portal_content.forms.definition import (
    AREAS_BEYOND,
    FILE_KINDS,
    GOVERNORATES,
    Form,
    FormField,
)
from portal_content.forms.safe_contact import OPTIONS

Inputs = dict[str, list[str]]

DIGITS = "0123456789٠١٢٣٤٥٦٧٨٩۰۱۲۳۴۵۶۷۸۹"
BLANK = " \t\n\r\x0b\x0c\x1c\x1d\x1e\x1f\x85\xa0\u2003\u200b\u2028\u202f\u3000\ufeff"
LETTERS = "abzABZéçşğêûأبتثليىةءـًّ👩🏽‍🌾-_.@+/<>&\"'"

some_text = st.text(st.sampled_from(LETTERS + DIGITS + BLANK), max_size=30)
any_text = st.text(st.characters(codec="utf-8", exclude_characters="\x00"), max_size=30)
long_text = st.builds(
    lambda text, times: text * times, st.sampled_from(["x", "س", "👩"]), st.integers(50, 4200)
)
digits = st.text(st.sampled_from(DIGITS + " +-"), max_size=20)
mail = st.builds("{}@{}.{}".format, some_text, some_text, some_text)
junk = st.one_of(some_text, any_text, long_text, digits, mail)
words = st.text(st.sampled_from("abcşêأبتثل ٠١2"), min_size=1, max_size=20).filter(
    lambda text: bool(text.strip())
)


@st.composite
def careless(draw: st.DrawFn, form: Form) -> Inputs:
    """Inputs of which anything may be wrong, missing, twice or of another question."""
    inputs: Inputs = {}
    for name, values in _inputs_of(form).items():
        if draw(st.booleans()):
            given = st.one_of(st.sampled_from(values), junk) if values else junk
            inputs[name] = draw(st.lists(given, max_size=3))
    return inputs


@st.composite
def careful(draw: st.DrawFn, form: Form) -> Inputs:
    """Inputs as the page lets a person give them; each of these can be sent."""
    inputs: Inputs = {}
    for question in form.fields:
        if question.kind not in FILE_KINDS and (question.required or draw(st.booleans())):
            inputs |= draw(_CAREFUL.get(question.kind, _typed)(question))
    for consent in form.consents:
        if consent.required or draw(st.booleans()):
            inputs[f"consent.{consent.id}"] = [draw(st.sampled_from(_consent_values(form)))]
    if draw(st.booleans()):
        inputs |= {"mode": ["assisted"], "helper.read_language": ["ku"]}
        inputs |= draw(st.fixed_dictionaries({}, optional={"helper.name": words.map(_one)}))
    return inputs


def filled(form: Form) -> st.SearchStrategy[Inputs]:
    """Return inputs of either sort, and mixtures of both."""
    mixed = st.builds(lambda one, other: {**one, **other}, careful(form), careless(form))
    return st.one_of(careful(form), careless(form), mixed)


def _one(text: str) -> list[str]:
    return [text]


def _inputs_of(form: Form) -> Mapping[str, tuple[str, ...]]:
    """Return every input of a form with the values that a page offers for it."""
    inputs: dict[str, tuple[str, ...]] = {"mode": ("self", "assisted")}
    inputs |= dict.fromkeys((f"helper.{part}" for part in HELPER_PARTS), ())
    for question in form.fields:
        for part in PARTS.get(question.kind, ("",)):
            offered = question.options or OPTIONS.get(part, ())
            if part in ("area", "unknown"):
                offered = (*GOVERNORATES, *AREAS_BEYOND) if part == "area" else ("yes",)
            inputs[f"{question.id}.{part}".rstrip(".")] = offered
    for consent in form.consents:
        inputs[f"consent.{consent.id}"] = _consent_values(form)
    return inputs


def _consent_values(form: Form) -> tuple[str, ...]:
    return CONSENT_CHANGES if form.consents_when else (GIVEN,)


def _typed(question: FormField) -> st.SearchStrategy[Inputs]:
    return words.map(lambda text: {question.id: [text[: question.max_length]]})


def _number(question: FormField) -> st.SearchStrategy[Inputs]:
    return st.integers(question.minimum, question.maximum).map(lambda n: {question.id: [str(n)]})


def _choice(question: FormField) -> st.SearchStrategy[Inputs]:
    return st.sampled_from(question.options).map(lambda option: {question.id: [option]})


def _choices(question: FormField) -> st.SearchStrategy[Inputs]:
    some = st.lists(st.sampled_from(question.options), min_size=1, unique=True)
    return some.map(lambda options: {question.id: options})


def _date(question: FormField) -> st.SearchStrategy[Inputs]:
    name = question.id
    return st.one_of(
        st.just({f"{name}.unknown": ["yes"]}),
        words.map(lambda text: {f"{name}.text": [text]}),
        words.map(lambda text: {f"{name}.text": [text], f"{name}.unknown": ["yes"]}),
    )


def _place(question: FormField) -> st.SearchStrategy[Inputs]:
    area = st.sampled_from((*GOVERNORATES, *AREAS_BEYOND)).map(_one)
    text = {f"{question.id}.text": words.map(_one)}
    return st.fixed_dictionaries({f"{question.id}.area": area}, optional=text)


def _contact(question: FormField) -> st.SearchStrategy[Inputs]:
    name = question.id
    ways = {
        "none": st.just(""),
        "phone": st.text(st.sampled_from(DIGITS), min_size=6, max_size=15),
        "email": st.just("someone@example.org"),
        "organisation": words,
    }
    listed = ("shared", "leave_message", "say_who")
    typed = ("name_to_ask", "times", "not_times", "recognition_word", "valid_until")
    more = {f"{name}.{part}": st.sampled_from(OPTIONS[part]).map(_one) for part in listed}
    more |= {f"{name}.{part}": words.map(_one) for part in typed}

    def with_way(way: str) -> st.SearchStrategy[Inputs]:
        needed = {f"{name}.way": st.just([way]), f"{name}.value": ways[way].map(_one)}
        return st.fixed_dictionaries(needed, optional=more)

    return st.sampled_from(sorted(ways)).flatmap(with_way)


_CAREFUL: Mapping[str, Callable[[FormField], st.SearchStrategy[Inputs]]] = {
    "number": _number,
    "choice": _choice,
    "choices": _choices,
    "partial_date": _date,
    "place": _place,
    "safe_contact": _contact,
    "briefing": lambda question: st.just({question.id: ["sample-online-december"]}),
}
