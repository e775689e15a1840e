"""Sending a filled form from a terminal."""

import json
from collections.abc import Mapping, Sequence
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import typer
from rich.console import Console
from rich.markup import escape
from rich.progress import Progress

from portal.settings import ROOT, DataFolders, PortalSettings
from portal.submitting import (
    FILE_KINDS,
    AnswersNotRight,
    Arrived,
    CannotSend,
    Filled,
    Line,
    submit,
)
from portal_content.consents import consent_text
from portal_content.forms.definition import Form
from portal_content.forms.words import FormWords
from portal_content.library import Library, load_library
from portal_protocol.return_code import grouped

WHOLE = {"answers", "consents", "mode", "helper"}
"""Parts of a file that holds more than the answers."""


class FileUnclear(Exception):
    """The file of answers, or a choice on the command line, cannot be understood."""


def submit_form(
    settings: PortalSettings,
    form_id: str,
    answers: Path,
    files: Sequence[str],
    *,
    url: str,
    lang: str,
    consents: Sequence[str],
    roots: Path | None,
    as_json: bool,
) -> int:
    """Send a form and print the return code once.

    Returns:
        0 if it arrived, 2 if something has to be put right first, 1 if it could not be sent.
    """
    console = Console(stderr=True)
    library = load_library(ROOT)
    try:
        filled = _filled(library, form_id, _read(answers), files, lang=lang, consents=consents)
        known = _roots(settings, roots)
        with Line(url, known, settings.deployment) as line, Progress(console=console) as progress:
            task = progress.add_task("sending", total=None)
            arrived = submit(
                line,
                library,
                filled,
                today=datetime.now(UTC).date(),
                told=lambda _, done, of: progress.update(task, completed=done, total=of),
            )
    except FileUnclear as error:
        console.print(escape(str(error)))
        return 2
    except AnswersNotRight as error:
        _print_problems(console, library, filled, error)
        return 2
    except CannotSend as error:
        console.print(f"It was not sent: {escape(str(error))}. Nothing was kept; please try again.")
        return 1
    _print_arrived(arrived, as_json=as_json)
    return 0


def _read(path: Path) -> Any:
    try:
        return json.loads(path.read_text(encoding="utf-8"))
    except (OSError, ValueError) as error:
        raise FileUnclear(f"{path}: {error}") from error


def _roots(settings: PortalSettings, roots: Path | None) -> tuple[str, ...]:
    known = tuple(roots.read_text("ascii").split()) if roots else ()
    known = known or DataFolders(settings.data).read_roots()
    if not known:
        raise FileUnclear("No root keys are known. Give the portal's with --roots FILE.")
    return known


def _filled(
    library: Library,
    form_id: str,
    content: Any,
    files: Sequence[str],
    *,
    lang: str,
    consents: Sequence[str],
) -> Filled:
    forms = {form.id: form for form in library.forms.current()}
    if form_id not in forms:
        raise FileUnclear(f"There is no form {form_id}. There are: {', '.join(sorted(forms))}.")
    if lang not in library.languages:
        raise FileUnclear(f"There is no language {lang}: {', '.join(library.languages)}.")
    if not isinstance(content, dict):
        raise FileUnclear("The file of answers has to hold one JSON object.")
    form = forms[form_id]
    whole = "answers" in content and set(content) <= WHOLE
    parts = content if whole else {"answers": content}
    return Filled(
        form=form,
        lang=lang,
        answers=parts["answers"],
        consents=_consents(form, parts.get("consents", {}), consents),
        mode=str(parts.get("mode", "self")),
        helper=parts.get("helper"),
        files=[_file(form, one) for one in files],
    )


def _consents(
    form: Form, in_file: Mapping[str, Any], options: Sequence[str]
) -> dict[str, Sequence[str]]:
    """Return what is agreed to: by sending, in the file, by options; nothing else."""
    given: dict[str, Sequence[str]] = {c.id: () for c in form.consents if c.required}
    for name, value in in_file.items():
        if value is False:
            given.pop(name, None)
        else:
            given[name] = value if isinstance(value, list) else ()
    for option in options:
        name, _, scopes = option.partition("=")
        given[name] = [scope for scope in scopes.split(",") if scope]
    unknown = set(given) - {consent.id for consent in form.consents}
    if unknown:
        raise FileUnclear(f"This form does not ask for {', '.join(sorted(unknown))}.")
    return given


def _file(form: Form, given: str) -> tuple[str, Path]:
    questions = [field.id for field in form.fields if field.kind in FILE_KINDS]
    name, found, path = given.partition("=")
    if found and name in questions:
        return name, _there(path)
    if not questions:
        raise FileUnclear(f"The form {form.id} asks for no files.")
    return questions[0], _there(given)


def _there(path: str) -> Path:
    if not Path(path).is_file():
        raise FileUnclear(f"There is no file {path}.")
    return Path(path)


def _print_problems(
    console: Console, library: Library, filled: Filled, error: AnswersNotRight
) -> None:
    words = FormWords(library.strings, filled.form, filled.lang)
    for problem in error.problems:
        sentence = problem.code
        if problem.code not in ("unknown_question", "not_asked"):
            sentence = words.problem(problem, question=problem.input.split(".", 1)[0])
        console.print(f"[bold]{escape(problem.input)}[/]: {escape(sentence)}")
        if problem.code == "consent_missing":
            consent = library.consents[problem.input.removeprefix("consent.")]
            console.print("  " + escape(consent_text(consent, words.strings, filled.lang).label))


def _print_arrived(arrived: Arrived, *, as_json: bool) -> None:
    receipt = arrived.receipt
    if as_json:
        value = {"code": arrived.code, "submission": receipt.submission}
        value |= {"date": receipt.date.isoformat(), "seat": arrived.seat, "receipt": arrived.note}
        typer.echo(json.dumps({k: v for k, v in value.items() if v}, indent=2))
        return
    typer.echo(f"Return code, shown this once: {grouped(arrived.code)}")
    typer.echo(f"Received on {receipt.date.isoformat()}, submission {receipt.submission}.")
    if arrived.seat:
        typer.echo(f"Seat: {arrived.seat}")
