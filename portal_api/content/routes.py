"""HTTP face of the content API. It is public and has no accounts; nobody's address is kept."""

import json
from typing import Any

from fastapi import APIRouter, Request
from fastapi.openapi.utils import get_openapi
from fastapi.responses import Response

from portal_api.content.service import (
    FILTERS,
    DocumentUnknown,
    FilterUnknown,
    Published,
    tag_of,
)
from portal_api.errors import PROBLEM, NotFound
from portal_content import documents
from portal_content.library import Library
from portal_content.strings import StringMissing

router = APIRouter(prefix="/v1/content", tags=["content"])

FRESH = "public, max-age=300"
"""Five minutes: a warning must not wait longer in somebody's cache."""
_ANSWERS: dict[int | str, dict[str, Any]] = {
    304: {"description": "Not modified since the ETag that was sent"},
    404: {"description": "No such language or document"},
    422: {"description": "A filter that this list does not have"},
}
_MODELS: dict[str, type[documents.Document]] = {
    "pages": documents.PageList,
    "briefings": documents.BriefingList,
    "alerts": documents.AlertList,
    "channels": documents.ChannelList,
    "organisations": documents.OrganisationList,
    "forms": documents.FormList,
    "glossary": documents.Glossary,
    "registration-status": documents.RegistrationDocument,
}
_SINGLE: dict[str, type[documents.Document]] = {
    "pages": documents.PageDocument,
    "briefings": documents.BriefingDocument,
    "alerts": documents.AlertDocument,
    "forms": documents.FormDocument,
}


@router.get("/openapi.json", include_in_schema=False)
def read_description(request: Request) -> Response:
    """Answer with the OpenAPI description of what is below /v1/content."""
    description = get_openapi(
        title="Content of the Outreach Portal", version=documents.VERSION, routes=router.routes
    )
    return _answer(request, json.dumps(description, ensure_ascii=False).encode())


@router.get("/{lang}", response_model=documents.Index, responses=_ANSWERS)
def read_index(lang: str, request: Request) -> Response:
    """Answer with what there is in a language."""
    return _published(request, lang, "index")


def _published(request: Request, lang: str, name: str) -> Response:
    try:
        return _answer(request, _documents(request).read(lang, name))
    except DocumentUnknown:
        return _refusal(request, lang, "not_found", 404)


def _picked(request: Request, lang: str, name: str) -> Response:
    try:
        content = _documents(request).pick(lang, name, dict(request.query_params))
    except DocumentUnknown:
        return _refusal(request, lang, "not_found", 404)
    except FilterUnknown:
        return _refusal(request, lang, "filter_unknown", 422, filters=sorted(FILTERS[name]))
    return _answer(request, content)


def _documents(request: Request) -> Published:
    published: Published | None = request.app.state.published
    if published is None:
        raise NotFound
    return published


def _answer(request: Request, content: bytes) -> Response:
    # Open to every origin: it is what the site says to everybody, and no cookie is ever read.
    tag = tag_of(content)
    headers = {"ETag": tag, "Cache-Control": FRESH, "Access-Control-Allow-Origin": "*"}
    asked = {one.strip() for one in request.headers.get("if-none-match", "").split(",")}
    if asked & {tag, f"W/{tag}", "*"}:
        return Response(status_code=304, headers=headers)
    return Response(content, headers=headers, media_type="application/json")


def _refusal(request: Request, lang: str, code: str, status: int, **more: Any) -> Response:
    """Say in the language that was asked for, else in the first one, what to do."""
    library: Library = request.app.state.answers.library
    known = lang if lang in library.languages else next(iter(library.languages))
    sentences = []
    for part in ("happened", "do"):
        try:
            sentences.append(library.strings.text(f"errors.{code}.{part}", known))
        except StringMissing:
            continue
    body = {"type": f"/problems/{code}", "status": status, "detail": " ".join(sentences), **more}
    headers = {"Access-Control-Allow-Origin": "*", "Content-Language": known}
    text = json.dumps(body, ensure_ascii=False)
    return Response(text, status_code=status, headers=headers, media_type=PROBLEM)


def _add_list(name: str, model: type[documents.Document]) -> None:
    def read(lang: str, request: Request) -> Response:
        return _picked(request, lang, name)

    parameters = [
        {"name": one, "in": "query", "required": False, "schema": {"type": "string"}}
        for one in FILTERS[name]
    ]
    router.add_api_route(
        f"/{{lang}}/{name}",
        read,
        response_model=model,
        responses=_ANSWERS,
        name=f"list_{name}",
        summary=f"List {name} in a language",
        openapi_extra={"parameters": parameters} if parameters else None,
    )


def _add_single(name: str, model: type[documents.Document]) -> None:
    def read(lang: str, identifier: str, request: Request) -> Response:
        return _published(request, lang, f"{name}/{identifier}")

    router.add_api_route(
        f"/{{lang}}/{name}/{{identifier}}",
        read,
        response_model=model,
        responses=_ANSWERS,
        name=f"read_{name}",
        summary=f"One of {name} in a language",
    )


for _name, _model in _MODELS.items():
    _add_list(_name, _model)
for _name, _model in _SINGLE.items():
    _add_single(_name, _model)


@router.get("/{lang}/{rest:path}", include_in_schema=False)
def read_nothing(lang: str, rest: str, request: Request) -> Response:
    """Say that there is no such document; the site's own page for that is for people."""
    del rest
    return _refusal(request, lang, "not_found", 404)
