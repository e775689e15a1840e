"""What the pages of the server show, as finished values for their templates."""

from collections.abc import Sequence
from datetime import date
from typing import Any

from starlette.responses import HTMLResponse

from portal_api.answers.pages import Answers, ordered
from portal_api.plain_form.parser import PostedForm
from portal_api.plain_form.service import Received
from portal_api.seats.service import Mine, SeatView
from portal_content.dates import day_in_words
from portal_content.forms.definition import Form
from portal_content.forms.offered import open_meetings
from portal_content.forms.problems import Problem
from portal_content.forms.view import form_view
from portal_content.forms.words import after_words
from portal_content.languages import Language
from portal_content.numbers import in_digits
from portal_protocol.errors import ReturnCodeCheck, ReturnCodeInvalid
from portal_protocol.return_code import grouped

FORM_ADDRESS = "/form"

RECEIPT_DIGITS = 8
"""Digits of a submission's id that people are shown."""


def received_page(
    answers: Answers, language: Language, form: Form, received: Received, *, today: date
) -> HTMLResponse:
    """Show the return code, once, and what comes next.

    The words are those of the form that is encrypted on the phone; only how it was encrypted is
    said differently.
    """
    same = answers.texts("script.received", language)
    own = answers.texts("answers.received", language)
    after = after_words(answers.library.strings, form, language.code)
    hand_over = answers.texts("forms.helper.hand_over", language)
    day = day_in_words(today, language)
    arabic_first = language.digits == "arabic"
    return answers.page(
        "received",
        language,
        title=after["title"],
        hand_over=hand_over if received.assisted else None,
        what=answers.text("answers.received.what", language, day=day),
        files=_files(answers, language, received.files),
        seat=seat_sentences(answers, language, received.seat) if received.seat else [],
        not_yet=after["not"],
        care=same["care"],
        code={
            "title": same["code"]["title"],
            "why": same["code"]["why"],
            "rules": ordered(same["code"]["rules"]),
            "return_page": same["code"]["return_page"],
            "lines": [
                grouped(received.code, arabic=arabic).split(" ")
                for arabic in (arabic_first, not arabic_first)
            ],
        },
        next={"title": same["next"]["title"], "steps": ordered(after["steps"])},
        money=same["money"],
        caller={"title": same["caller"]["title"], "checks": ordered(same["caller"]["checks"])},
        receipt={
            **own["receipt"],
            "number_label": same["receipt"]["number"],
            "number": received.submission_id[:RECEIPT_DIGITS],
            "warning": same["receipt"]["warning"],
            "note": received.receipt,
        },
    )


def form_again_page(
    answers: Answers,
    language: Language,
    form: Form,
    posted: PostedForm,
    problems: Sequence[Problem] = (),
    *,
    today: date,
) -> HTMLResponse:
    """Show the form as it was filled, with what has to be put right.

    Without problems of single answers, the answers together are too long.
    """
    notice = [] if problems else ordered(answers.texts("answers.form.too_long", language))
    view = form_view(
        form,
        answers.library,
        language.code,
        mode="plain",
        action=FORM_ADDRESS,
        inputs=posted.inputs,
        problems=problems,
        meetings=open_meetings(answers.library, language.code, today),
        code="" if form.own_page else posted.first("code"),
    )
    title = answers.text(f"form-{form.id}.title", language)
    return answers.page("form", language, title=title, status=422, notice=notice, view=view)


def waiting_page(
    answers: Answers,
    language: Language,
    *,
    sealed: str,
    held: bool,
    place: int,
    seconds: int,
    files_left: int,
) -> HTMLResponse:
    """Show that a form waits for its turn; the page carries everything that was written, sealed."""
    page = answers.page(
        "waiting",
        language,
        title=answers.text("waiting.title", language),
        status=503,
        texts=answers.texts("waiting", language),
        action=FORM_ADDRESS,
        sealed=sealed,
        held=held,
        place=in_digits(str(place), language) if place else "",
        seconds=in_digits(str(seconds), language),
        files_left=files_left,
    )
    page.headers["Retry-After"] = str(max(1, seconds))
    return page


def waited_too_long_page(answers: Answers, language: Language) -> HTMLResponse:
    """Show that what waited can be opened no more, and what can be done."""
    texts = answers.texts("waiting.over", language)
    return answers.page(
        "problem",
        language,
        title=texts["title"],
        status=409,
        sentences=[texts["happened"], texts["do"]],
        start=answers.text("answers.problem.start", language),
    )


def code_again_page(
    answers: Answers, language: Language, *, typed: str, error: ReturnCodeInvalid
) -> HTMLResponse:
    """Ask for the code once more.

    Args:
        answers: What writes pages.
        language: Language of the page.
        typed: What was typed; it is shown again, so that one digit can be put right.
        error: What is wrong with it.
    """
    kind = "check" if isinstance(error, ReturnCodeCheck) else "length"
    again: dict[str, Any] = {
        "label": answers.text("script.return.code.label", language),
        "hint": answers.text("script.return.code.hint", language),
        "open": answers.text("script.return.code.open", language),
        "error": answers.text(f"script.return.failed.{kind}", language),
        "typed": typed,
    }
    title = answers.text("answers.mailbox.title", language)
    return answers.page("mailbox", language, title=title, status=422, messages=None, again=again)


def seat_sentences(answers: Answers, language: Language, seat: SeatView) -> list[str]:
    """Say what somebody has at a meeting; nothing if they have nothing."""
    if seat.mine is Mine.NONE:
        return []
    place = in_digits(str(seat.place), language)
    said = [answers.text(f"follow-up.seat.{seat.mine}", language, place=place)]
    if seat.mine is Mine.WAITING:
        said.append(answers.text("follow-up.seat.moves_up", language))
    return [*said, answers.text("follow-up.seat.where", language)]


def _files(answers: Answers, language: Language, count: int) -> str:
    if not count:
        return ""
    return answers.library.strings.plural("answers.received.files", language.code, count)
