"""Searching at a terminal: the same results as on the site."""

import json
from typing import Any

import typer
from rich.console import Console
from rich.markup import escape

from portal.settings import ROOT
from portal_content.library import load_library
from portal_content.search.engine import Result, make_engine


def search_site(lang: str, query: str, console: Console, *, limit: int, as_json: bool) -> int:
    """Print what answers a query and return how many there are, or -1 for an unknown language.

    Args:
        lang: Code of the language.
        query: As somebody would type it.
        console: Where to print.
        limit: Results that are wanted.
        as_json: Whether a program reads it.
    """
    library = load_library(ROOT)
    if lang not in library.languages:
        console.print(f"There is no language {escape(lang)}: {', '.join(library.languages)}.")
        return -1
    found = make_engine(library, lang).search(query, limit)
    if as_json:
        document = {"lang": lang, "query": query, "results": [_as_json(one) for one in found]}
        typer.echo(json.dumps(document, ensure_ascii=False, indent=2))
        return len(found)
    for one in found:
        title, address = escape(one.entry["title"]), one.entry["address"]
        console.print(f"{one.rank:>2}  {one.entry['id']:<5} {title}  [dim]{address}[/]")
    if not found:
        console.print("Nothing was found.")
    return len(found)


def _as_json(result: Result) -> dict[str, Any]:
    entry = {name: value for name, value in result.entry.items() if name != "headings"}
    return {"rank": result.rank, "score": result.score, **entry}
