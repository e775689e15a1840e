"""The pages behind a return code without script: messages, seats, and writing again."""

from collections.abc import Sequence
from dataclasses import dataclass

from starlette.responses import HTMLResponse

from portal_api.answers.pages import Answers, ordered
from portal_api.answers.views import FORM_ADDRESS, seat_sentences
from portal_api.plain_form.service import Received
from portal_api.seats.service import Mine, SeatView
from portal_content.dates import day_in_words
from portal_content.forms.view import form_view
from portal_content.languages import Language
from portal_protocol.replies import STATUSES, Reply


@dataclass(frozen=True)
class SeatAt:
    """What somebody has at a meeting."""

    meeting: str
    name: str
    seat: SeatView


@dataclass(frozen=True)
class Opened:
    """What is behind a return code; for one that was never given the same, with nothing in it."""

    code: str
    replies: Sequence[Reply] = ()
    rejected: int = 0
    seats: Sequence[SeatAt] = ()
    said: str = ""
    """Sentence about what was just done."""


def messages_page(answers: Answers, language: Language, opened: Opened) -> HTMLResponse:
    """Show messages; the page for a code that has none, or was never given, is the same."""
    strings, lang = answers.library.strings, language.code
    count, rejected = len(opened.replies), opened.rejected
    title = answers.text("script.return.none.title", language)
    if count:
        title = strings.plural("script.return.title", lang, count)
    return answers.page(
        "mailbox",
        language,
        title=title,
        same_size=True,
        notice=answers.text("answers.mailbox.notice", language),
        said=opened.said,
        messages=[_message(answers, language, reply) for reply in opened.replies],
        rejected=strings.plural("script.return.rejected", lang, rejected) if rejected else "",
        empty=answers.text("script.return.none.text", language),
        money=answers.text("script.return.money", language),
        seats=_seats(answers, language, opened),
        again=None,
        write=_write(answers, language, opened.code),
    )


def give_back_page(answers: Answers, language: Language, code: str, at: SeatAt) -> HTMLResponse:
    """Ask once more before a seat goes to somebody else."""
    texts = answers.texts("follow-up.seat", language)
    waits = at.seat.mine is Mine.WAITING
    return answers.page(
        "give_back",
        language,
        title=at.name,
        same_size=True,
        code=code,
        meeting=at.meeting,
        sure=texts["sure_place" if waits else "sure"],
        yes=texts["leave" if waits else "yes"],
        no=texts["no"],
    )


def written_again_page(answers: Answers, language: Language, received: Received) -> HTMLResponse:
    """Show that what was written again has arrived, and the way back to the messages."""
    after = answers.texts("form-follow-up.after", language)
    return answers.page(
        "written_again",
        language,
        title=after["what"],
        not_yet=after["not"],
        steps=ordered(after["steps"]),
        same_code=answers.text("follow-up.again.new_code", language),
        back=answers.text("follow-up.again.back", language),
        code=received.code,
        receipt={**answers.texts("answers.received.receipt", language), "note": received.receipt},
    )


def _seats(answers: Answers, language: Language, opened: Opened) -> dict[str, object]:
    listed = [
        {
            "meeting": at.meeting,
            "name": at.name,
            "sentences": seat_sentences(answers, language, at.seat),
        }
        for at in opened.seats
        if at.seat.mine is not Mine.NONE
    ]
    texts = answers.texts("follow-up.seat", language)
    return {
        "title": texts["title"],
        "give_back": texts["give_back"],
        "listed": listed,
        "code": opened.code,
    }


def _write(answers: Answers, language: Language, code: str) -> dict[str, object]:
    library = answers.library
    view = form_view(
        library.forms.follow_up(),
        library,
        language.code,
        mode="plain",
        action=FORM_ADDRESS,
        code=code,
    )
    return {
        "open": answers.text("follow-up.again.open", language),
        "keep_closed": answers.text("follow-up.again.code", language),
        "form": view,
    }


def _message(answers: Answers, language: Language, reply: Reply) -> dict[str, str]:
    known = reply.status if reply.status in STATUSES else "other"
    return {
        "status": known,
        "status_text": answers.text(f"script.return.status.{known}", language),
        "date": reply.date.isoformat(),
        "day": day_in_words(reply.date, language),
        "text": reply.text,
        "lang": reply.lang,
    }
