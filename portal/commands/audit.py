"""The audit at a terminal: check it, and note down how far it has come."""

from datetime import UTC, datetime
from pathlib import Path

from rich.console import Console
from rich.markup import escape

from portal.settings import ROOT, PortalSettings, gateway_settings
from portal_content.strings import load_strings
from portal_gateway.audit_check import (
    AnchorsUnreadable,
    append_anchor,
    newest,
    read_anchors,
    verify,
)
from portal_gateway.database import open_register, transaction

MOST_SHOWN = 50
WHOLE, NOT_WHOLE, NOT_CHECKED = 0, 1, 2


def print_verdict(
    settings: PortalSettings, anchors: Path | None, lang: str, console: Console
) -> int:
    """Check the audit, say what is wrong with it, and return the exit code.

    Args:
        settings: Of this installation.
        anchors: File with rows that were noted down before; none if there is no such file.
        lang: Language of the findings.
        console: Where to print.
    """
    strings = load_strings(ROOT / "translations")

    def said(key: str, **values: object) -> str:
        return escape(strings.text(f"access.audit_check.{key}", lang, **values))

    try:
        noted = read_anchors(anchors) if anchors else []
    except (OSError, UnicodeDecodeError, AnchorsUnreadable):
        console.print(said("no_anchors"))
        return NOT_CHECKED
    with open_register(gateway_settings(settings)) as engine:
        verdict = verify(engine, noted)
    for one in verdict.found[:MOST_SHOWN]:
        line = said(f"findings.{one.finding}", number=one.number)
        console.print(f"- {line}", soft_wrap=True, highlight=False)
    if len(verdict.found) > MOST_SHOWN:
        console.print(said("more", count=len(verdict.found) - MOST_SHOWN))
    console.print(
        said("not_whole" if verdict.found else "whole", rows=verdict.rows, anchors=len(noted)),
        soft_wrap=True,
        highlight=False,
    )
    console.print(f"{verdict.newest.number} {verdict.newest.hash}", soft_wrap=True, highlight=False)
    return NOT_WHOLE if verdict.found else WHOLE


def note_anchor(settings: PortalSettings, file: Path, console: Console) -> None:
    """Note the newest row down behind those that are in a file."""
    register = open_register(gateway_settings(settings))
    with register as engine, transaction(engine) as session:
        anchor = newest(session)
    append_anchor(file, anchor, now=datetime.now(UTC))
    console.print(f"{anchor.number} {anchor.hash}", soft_wrap=True, highlight=False)
