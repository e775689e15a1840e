"""The register at a terminal: what people inside the Institution ask of it without a browser."""

import json

import typer
from rich.console import Console
from rich.markup import escape

from portal.settings import ROOT
from portal_content.strings import load_strings
from portal_gateway.names.compare import Reason, compare


def print_comparison(one: str, other: str, lang: str, console: Console, *, as_json: bool) -> None:
    """Print how alike two names are and why.

    Args:
        one: A name in any script.
        other: Another one.
        lang: Language of the reasons.
        console: Where to print.
        as_json: Whether a program reads it.
    """
    found = compare(one, other)
    strings = load_strings(ROOT / "translations")

    def said(reason: Reason) -> str:
        values = {"one": reason.one, "other": reason.other}
        return strings.text(f"register.likeness.{reason.code}", lang, **values)

    if as_json:
        reasons = [
            {"code": r.code, "one": r.one, "other": r.other, "value": round(r.value, 3)}
            | {"text": said(r)}
            for r in found.reasons
        ]
        document = {"one": one, "other": other, "score": found.score}
        document |= {"candidate": found.candidate, "reasons": reasons}
        typer.echo(json.dumps(document, ensure_ascii=False, indent=2))
        return
    verdict = strings.text(f"register.likeness.{'look' if found.candidate else 'unlike'}", lang)
    console.print(f"{found.score:.3f}  {escape(verdict)}", highlight=False)
    for reason in found.reasons:
        console.print(f"  {escape(said(reason))}", highlight=False)
