"""HTTP face of the search. What was looked for is answered and forgotten."""

from typing import Annotated, Any

from fastapi import APIRouter, Query, Request
from fastapi.responses import JSONResponse, Response

from portal_api import site_files
from portal_api.answers.pages import Answers
from portal_api.errors import NotFound
from portal_api.search.service import Searches
from portal_content.numbers import in_digits
from portal_content.search.engine import Result, SearchEngine
from portal_content.search.headings import fitting_heading

router = APIRouter()

LONGEST = 200
"""Letters of a query; what is longer is cut."""
ON_A_PAGE = 8
"""Results that people see, with script or without."""
MOST = 50


@router.get("/{lang}/find/", include_in_schema=False)
def find(lang: str, request: Request, q: str = "") -> Response:
    """Answer with a page of results; without a query with the page of the site itself."""
    answers: Answers = request.app.state.answers
    search = _search(request, lang)
    if search is None or not q.strip():
        return site_files.read_site(f"{lang}/find/", request)
    query, language = q[:LONGEST], answers.language(lang)
    results = search.search(query, ON_A_PAGE)
    texts = answers.texts("search", language)
    return answers.page(
        "results",
        language,
        title=texts["title"],
        texts=texts,
        action=f"/{lang}/find/",
        query=query,
        count=in_digits(
            answers.library.strings.plural("search.count", lang, len(results)), language
        ),
        results=[_shown(result, query, search) for result in results],
        contents=answers.text("site.contents.title", language),
    )


@router.get("/v1/search/{lang}")
def search_json(
    lang: str,
    request: Request,
    q: Annotated[str, Query(max_length=LONGEST)],
    limit: Annotated[int, Query(ge=1, le=MOST)] = 10,
) -> Response:
    """Answer with ranked results for programs."""
    search = _search(request, lang)
    if search is None:
        raise NotFound
    results = [
        {"rank": one.rank, "score": one.score, **one.entry} for one in search.search(q, limit)
    ]
    return JSONResponse({"lang": lang, "results": results})


def _search(request: Request, lang: str) -> SearchEngine | None:
    searches: Searches | None = request.app.state.searches
    answers: Answers = request.app.state.answers
    if searches is None or lang not in answers.library.languages:
        return None
    return searches.engine(lang)


def _shown(result: Result, query: str, search: SearchEngine) -> dict[str, Any]:
    entry = dict(result.entry)
    heading = fitting_heading(entry, query, search.shapes)
    if heading is not None:
        anchor, words = heading
        entry["inside"] = {"address": f"{entry['address']}#{anchor}", "words": words}
    return {"inside": None, **entry}
