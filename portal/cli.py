"""The portal command: one sub-command for each thing a person does at a terminal."""

from datetime import UTC, datetime
from pathlib import Path
from typing import Annotated

import typer
from rich.console import Console

from portal.commands import carrying
from portal.commands.accounts import app as account_app
from portal.commands.audit import note_anchor, print_verdict
from portal.commands.check import print_production_problems
from portal.commands.content import (
    print_content_problems,
    print_content_status,
    record_translations,
)
from portal.commands.intake import take_in_files
from portal.commands.keys import Descriptor
from portal.commands.keys import app as keys_app
from portal.commands.outbox import check_handed_over, print_outbox, redrive_outbox
from portal.commands.preview import preview
from portal.commands.register import print_comparison
from portal.commands.release import check_file, make_list, publish, sign_list
from portal.commands.search import search_site
from portal.commands.site import build, build_single_file
from portal.commands.submit import submit_form
from portal.commands.up import bring_up
from portal.passphrases import asker
from portal.settings import DataFolders, PortalSettings, api_settings, gateway_settings
from portal_api.server import serve as serve_api
from portal_content.verification_codes import grouped, new_code
from portal_gateway.register.second_factor import code_at
from portal_gateway.server import keep_private
from portal_gateway.server import serve as serve_gateway

app = typer.Typer(
    no_args_is_help=True,
    add_completion=False,
    pretty_exceptions_enable=False,
    help="Outreach Portal: build the site, run the services, keep the keys.",
)
serve_app = typer.Typer(help="Show the site while it is edited, or run one service.")
content_app = typer.Typer(no_args_is_help=True, help="Look after pages, forms and strings.")
register_app = typer.Typer(no_args_is_help=True, help="Ask the officers' register.")
app.add_typer(serve_app, name="serve")
app.add_typer(register_app, name="register")
audit_app = typer.Typer(no_args_is_help=True, help="Check who read and wrote what.")
register_app.add_typer(audit_app, name="audit")
register_app.add_typer(account_app, name="account")
app.add_typer(keys_app, name="keys")
app.add_typer(content_app, name="content")
gateway_app = typer.Typer(no_args_is_help=True, help="Work at the protected zone by hand.")
app.add_typer(gateway_app, name="gateway")
outbox_app = typer.Typer(no_args_is_help=True, help="See what is on its way to other systems.")
gateway_app.add_typer(outbox_app, name="outbox")
folder_app = typer.Typer(no_args_is_help=True, help="Look after folders that are carried.")
gateway_app.add_typer(folder_app, name="folder")
release_app = typer.Typer(no_args_is_help=True, help="List, sign and check files to take along.")
app.add_typer(release_app, name="release")

Carried = Annotated[Path, typer.Argument(help="The folder that is carried, e.g. a memory stick.")]


@app.command("up")
def up() -> None:
    """Start everything on this machine: keys, site, public service, gateway with register."""
    raise typer.Exit(bring_up(PortalSettings(), Console()))


@app.command("build")
def build_site(
    *,
    downloads: Annotated[bool, typer.Option(help="Make the files to take along, too.")] = False,
    single_file: Annotated[
        str, typer.Option(help="Say where the pages of this language are in one file.")
    ] = "",
) -> None:
    """Build the site."""
    if not single_file:
        build(PortalSettings(), Console(), downloads=downloads)
    elif not build_single_file(PortalSettings(), single_file, Console()):
        raise typer.Exit(2)


@app.command("check")
def check(
    *,
    production: Annotated[bool, typer.Option(help="List what is not ready for real use.")] = False,
) -> None:
    """Check the content; with --production also what is not ready for real use."""
    settings, console = PortalSettings(), Console()
    problems = print_content_problems(settings, console)
    if production:
        problems += print_production_problems(settings, console)
    raise typer.Exit(1 if problems else 0)


@app.command("search")
def search(
    lang: Annotated[str, typer.Argument(help="Code of the language, e.g. ar.")],
    query: Annotated[str, typer.Argument(help="What somebody would type.")],
    *,
    limit: Annotated[int, typer.Option(min=1, help="Results that are wanted.")] = 10,
    as_json: Annotated[bool, typer.Option("--json", help="Print JSON for programs.")] = False,
) -> None:
    """Search the site: ranked results with the ids of their pages, the same as in the browser."""
    found = search_site(lang, query, Console(), limit=limit, as_json=as_json)
    raise typer.Exit(2 if found < 0 else 0)


@app.command("submit")
def submit_command(
    form: Annotated[str, typer.Argument(help="Id of the form, e.g. search-request.")],
    answers: Annotated[
        Path,
        typer.Argument(
            help="JSON: the answers, as the form's published schema says; or an object with "
            "answers, consents, mode and helper."
        ),
    ],
    files: Annotated[
        list[str] | None, typer.Argument(help="Files; QUESTION=FILE if several questions ask.")
    ] = None,
    *,
    url: Annotated[str, typer.Option(help="Address of the portal.")],
    lang: Annotated[str, typer.Option(help="Language the questions were read in.")] = "ar",
    consent: Annotated[
        list[str] | None,
        typer.Option(
            help="A consent that was given, e.g. C2, or C5=legal,documents. Sending gives those "
            "that the form cannot do without, and no other."
        ),
    ] = None,
    roots: Annotated[Path | None, typer.Option(help="File with the portal's root keys.")] = None,
    as_json: Annotated[bool, typer.Option("--json", help="Print JSON for programs.")] = False,
) -> None:
    """Seal and send a filled form as the browser does; print the return code once."""
    raise typer.Exit(
        submit_form(
            PortalSettings(),
            form,
            answers,
            files or [],
            url=url,
            lang=lang,
            consents=consent or [],
            roots=roots,
            as_json=as_json,
        )
    )


@content_app.command("check")
def content_check() -> None:
    """List every problem of the content with file, line and what to do."""
    raise typer.Exit(1 if print_content_problems(PortalSettings(), Console()) else 0)


@content_app.command("status")
def content_status() -> None:
    """Show which page stands where in which language."""
    print_content_status(Console())


@content_app.command("record")
def content_record(
    slug: Annotated[str, typer.Argument(help="The page; all translations without it.")] = "",
    lang: Annotated[str, typer.Argument(help="Its language.")] = "",
) -> None:
    """Write into a translation that it says what its source says now."""
    pages = [(slug, lang)] if slug else []
    raise typer.Exit(1 if record_translations(pages, Console()) else 0)


@content_app.command("code")
def content_code() -> None:
    """Make a new code for a briefing or an alert, by which people can check that it is ours."""
    Console().print(grouped(new_code()), highlight=False)


@serve_app.callback(invoke_without_command=True)
def serve(
    context: typer.Context,
    port: Annotated[int, typer.Option(help="Where the site is shown.")] = 8500,
) -> None:
    """Show the site; a saved change appears in the browser by itself."""
    if context.invoked_subcommand is None:
        preview(PortalSettings(), port, Console())


@serve_app.command("api")
def run_api() -> None:
    """Run the public service and its hand-over listener."""
    serve_api(api_settings(PortalSettings()))


@serve_app.command("gateway")
@gateway_app.command("run")
def run_gateway(*, passphrase_fd: Descriptor = -1) -> None:
    """Run the gateway and the officers' register; asks once for the passphrase of its keys."""
    serve_gateway(gateway_settings(PortalSettings()), asker(passphrase_fd))


@gateway_app.command("intake")
def gateway_intake(
    folder: Annotated[Path, typer.Argument(help="Where the files lie, e.g. a memory stick.")],
    *,
    passphrase_fd: Descriptor = -1,
) -> None:
    """Take in sealed files that the offline form saved, as if they had come over the line."""
    failed = take_in_files(PortalSettings(), folder, Console(), asker(passphrase_fd))
    raise typer.Exit(2 if failed < 0 else 1 if failed else 0)


@gateway_app.command("pull")
def gateway_pull(folder: Carried) -> None:
    """Bring what waits at the portal into a folder, sealed; needs the line, and no keys."""
    keep_private()
    carrying.pull(PortalSettings(), folder, Console())


@gateway_app.command("open")
def gateway_open(folder: Carried, *, passphrase_fd: Descriptor = -1) -> None:
    """Open what a folder brings and register it; needs the keys, and no line."""
    keep_private()
    carrying.open_carried(PortalSettings(), folder, Console(), asker(passphrase_fd))


@gateway_app.command("reply")
def gateway_reply(folder: Carried, *, passphrase_fd: Descriptor = -1) -> None:
    """Put the sealed answers into a folder; needs the keys, and no line."""
    keep_private()
    carrying.reply(PortalSettings(), folder, Console(), asker(passphrase_fd))


@gateway_app.command("push")
def gateway_push(folder: Carried) -> None:
    """Send the answers of a folder and acknowledge what is safe inside; needs no keys."""
    keep_private()
    carrying.push(PortalSettings(), folder, Console())


@outbox_app.command("list")
def outbox_list(
    *,
    everything: Annotated[
        bool, typer.Option("--all", help="Show also what has arrived or need not be sent.")
    ] = False,
    as_json: Annotated[bool, typer.Option("--json", help="Print JSON for programs.")] = False,
) -> None:
    """List what waits for other systems and what could not be delivered; names nobody."""
    dead = print_outbox(PortalSettings(), Console(), everything=everything, as_json=as_json)
    raise typer.Exit(1 if dead else 0)


@outbox_app.command("redrive")
def outbox_redrive(
    connector: Annotated[str, typer.Argument(help="Of this one only; all without it.")] = "",
    *,
    case: Annotated[str, typer.Option(help="Of this case only.")] = "",
) -> None:
    """Try again what could not be delivered, and ask systems again that were left alone."""
    redrive_outbox(
        PortalSettings(), Console(), connector=connector, case_id=case, now=datetime.now(UTC)
    )


@folder_app.command("check")
def folder_check(
    folder: Annotated[Path, typer.Argument(help="The folder that was handed over.")],
    key: Annotated[str, typer.Argument(help="The public key that must have signed its index.")],
) -> None:
    """Check every file of a folder against its signed index."""
    raise typer.Exit(0 if check_handed_over(folder, key, Console()) else 1)


@release_app.command("make")
def release_make(
    target: Annotated[Path, typer.Argument(help="Where to write the list.")] = Path("release.note"),
) -> None:
    """List the files of the built site, for two of the three roots to sign."""
    today = datetime.now(UTC).date()
    raise typer.Exit(0 if make_list(PortalSettings(), target, Console(), today=today) else 1)


@release_app.command("sign")
def release_sign(
    note: Annotated[Path, typer.Argument(help="The list; the signature is put below it.")],
    key: Annotated[Path, typer.Argument(help="File with a root key, on its offline machine.")],
) -> None:
    """Sign a list with one root key."""
    raise typer.Exit(0 if sign_list(note, key, Console(), asker()) else 1)


@release_app.command("publish")
def release_publish(
    note: Annotated[Path, typer.Argument(help="The list with its signatures.")],
) -> None:
    """Put a signed list beside the files that it names."""
    raise typer.Exit(0 if publish(PortalSettings(), note, Console()) else 1)


@release_app.command("check")
def release_check(
    file: Annotated[Path, typer.Argument(help="The file that somebody has.")],
    *,
    note: Annotated[Path | None, typer.Option(help="The signed list, if not the own one.")] = None,
) -> None:
    """Say whether a file is ours: in a list that two roots have signed."""
    raise typer.Exit(0 if check_file(PortalSettings(), file, note, Console()) else 1)


@register_app.command("compare")
def register_compare(
    one: Annotated[str, typer.Argument(help="A name, in Arabic or Latin letters.")],
    other: Annotated[str, typer.Argument(help="Another one.")],
    *,
    lang: Annotated[str, typer.Option(help="Language of the reasons: ar or en.")] = "en",
    as_json: Annotated[bool, typer.Option("--json", help="Print JSON for programs.")] = False,
) -> None:
    """Tell how alike two names are and why; whether it is one person, a person decides."""
    print_comparison(one, other, lang, Console(), as_json=as_json)


@register_app.command("code")
def register_code() -> None:
    """Print a one-time code for the accounts of a demonstration; each can be used once."""
    secret = DataFolders(PortalSettings().data).officer_secret
    if not secret.exists():
        Console().print("There is no demonstration here. Officers' codes are on their devices.")
        raise typer.Exit(1)
    typer.echo(code_at(secret.read_text(encoding="ascii").strip(), datetime.now(UTC)))


@audit_app.command("verify")
def register_audit_verify(
    *,
    anchors: Annotated[
        Path | None, typer.Option(help="File with rows noted down before, kept elsewhere.")
    ] = None,
    lang: Annotated[str, typer.Option(help="Language of the findings: ar or en.")] = "en",
) -> None:
    """Find rows that were altered, removed, inserted or moved; exit code 1 if there are any."""
    raise typer.Exit(print_verdict(PortalSettings(), anchors, lang, Console()))


@audit_app.command("anchor")
def register_audit_anchor(
    file: Annotated[Path, typer.Argument(help="File to append to; keep it on another machine.")],
) -> None:
    """Note the newest row down, so that an audit written anew or cut short is found."""
    note_anchor(PortalSettings(), file, Console())
