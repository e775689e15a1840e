"""Leaving: answers that tell the browser to clear what it stored of this site.

The answers hold nothing and nothing is noted: who leaves, leaves no trace here either.
"""

from typing import Annotated

from fastapi import APIRouter, Header, Request
from fastapi.responses import RedirectResponse, Response

from portal_api.answers.pages import Answers
from portal_api.errors import NotFound

router = APIRouter()

PAGES = '"cache"'
"""After the quick exit: pages and scripts go; what the person chose to keep stays."""
EVERYTHING = '"cache", "cookies", "storage"'
"""After the exit that deletes: kept pages, the worker, waiting messages, the language too."""

FetchSite = Annotated[str, Header(alias="sec-fetch-site")]


@router.post("/exit")
def clear_pages() -> Response:
    """Let the browser forget pages; asked for in the background while it leaves."""
    return Response(status_code=204, headers={"Clear-Site-Data": PAGES})


@router.get("/{lang}/exit/")
def clear_everything(lang: str, request: Request, fetch_site: FetchSite = "none") -> Response:
    """Let the browser forget everything and lead it to a harmless page.

    Args:
        lang: Language of the page that was left.
        request: The request.
        fetch_site: What the browser says of the page with the link. A link on another site must
            not delete what somebody waits to send.

    Raises:
        NotFound: If there is no such language.
    """
    answers: Answers = request.app.state.answers
    language = answers.library.languages.get(lang)
    if language is None:
        raise NotFound
    clear = {} if fetch_site == "cross-site" else {"Clear-Site-Data": EVERYTHING}
    return RedirectResponse(language.quick_exit, status_code=303, headers=clear)
