"""The words of a form: its own section of translations, and those that all forms share."""

from dataclasses import dataclass
from typing import Any

from portal_content.forms.definition import Form, FormField
from portal_content.forms.problems import Problem
from portal_content.strings import StringMissing, Strings


def section_of(form_id: str) -> str:
    """Return the section of translations that holds the words of a form."""
    return f"form-{form_id}"


def filling_words(strings: Strings, lang: str) -> dict[str, Any]:
    """Return what the script says while a form is filled and when the phone is handed over."""
    helper = strings.section("forms", lang)["helper"]
    return {**strings.section("filling", lang), "hand_over": helper["hand_over"]}


def after_words(strings: Strings, form: Form, lang: str) -> dict[str, Any]:
    """Return what is said after a form was sent: what has arrived, what it is not, what comes next.

    A form without words of its own is a search request, whose words all others fall back on.
    """
    shared = strings.section("script", lang)["received"]
    own = strings.section(section_of(form.id), lang).get("after", {})
    return {
        "title": own["what"].rstrip(".") if "what" in own else shared["title"],
        "not": own.get("not", shared["not"]),
        "steps": own.get("steps", shared["next"]["steps"]),
    }


@dataclass(frozen=True)
class FormWords:
    """The words of one form in one language."""

    strings: Strings
    form: Form
    lang: str

    def of(self, key: str, **values: Any) -> str:
        """Return a sentence that all forms share."""
        return self.strings.text(f"forms.{key}", self.lang, **values)

    def of_maybe(self, key: str) -> str:
        """Return a sentence that all forms share, or nothing if there is none here."""
        try:
            return self.of(key)
        except StringMissing:
            return ""

    def own(self, key: str) -> str:
        """Return a sentence of this form."""
        return self.strings.text(f"{section_of(self.form.id)}.{key}", self.lang)

    def maybe(self, key: str) -> str:
        """Return a sentence of this form, or nothing if the form has none here."""
        try:
            return self.own(key)
        except StringMissing:
            return ""

    def option(self, question: FormField, option: str) -> str:
        """Return the label of an option: the question's own words before the shared ones."""
        own = self.maybe(f"fields.{question.id}.options.{option}")
        return own or self.of(f"options.{option}")

    def problem(self, problem: Problem, *, question: str = "") -> str:
        """Return what to do about a problem; a question may have its own words for it."""
        own = self.maybe(f"fields.{question}.{problem.code}") if question else ""
        return own or self.of(f"problems.{problem.code}", **problem.values)
