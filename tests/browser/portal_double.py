"""A portal that can misbehave in ways the real one must not: forge, forget, drop the line.

The pages are made of the real form's markup, definition and words; only what stands behind the
address is a double.
"""

import base64
import json
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, timedelta
from pathlib import Path

from jinja2 import Environment, FileSystemLoader

from portal_content.forms.view import form_view, script_definition
from portal_content.forms.words import after_words, filling_words
from portal_content.library import load_library
from portal_protocol.age import HybridIdentity
from portal_protocol.chunks import chunk_name
from portal_protocol.derivation import mailbox_id
from portal_protocol.envelope import Envelope, open_envelope
from portal_protocol.key_list import KeyList
from portal_protocol.notes import SigningKey, sign_note
from portal_protocol.receipts import make_receipt
from portal_protocol.submissions import unpack_submission
from portal_site.assets import Asset, Assets
from portal_site.values import load_styles
from tests.browser.serving import NOT_FOUND, Answer, Request, page, script

ROOT = Path(__file__).parents[2]
DEPLOYMENT = "iimp-demo"
TODAY = datetime.now(UTC).date()
ROOTS = [SigningKey(f"iimp.example/root{n}", bytes([n]) * 32) for n in range(3)]
RECEIPTS, LOG, REPLIES, LETTERS = (
    SigningKey(f"portal.example/{name}", name.encode().ljust(32, b"\0"))
    for name in ("receipts", "log", "replies", "letters")
)
OFFICE, RESERVE, SUCCESSOR = (HybridIdentity.from_seed(bytes([n]) * 32) for n in (40, 41, 42))
NO_SEAT = {"registration": "closed", "mine": "none", "place": 0}
MEETINGS = ("sample-online-december", "sample-online-evening")
ERRORS = {"unknown": {"happened": "H.", "do": "D.", "kept": "K."}}


@dataclass
class PortalDouble:
    """What stands behind the address; tests change its parts."""

    assets: Assets
    serial: int = 3
    issued: date = TODAY - timedelta(days=30)
    expires: date = TODAY + timedelta(days=60)
    recipients: list[HybridIdentity] = field(default_factory=lambda: [OFFICE, RESERVE])
    signers: list[SigningKey] = field(default_factory=lambda: [ROOTS[0], ROOTS[2]])
    receipt_key: SigningKey = RECEIPTS
    misbehave: Callable[[Request], Answer | bool | None] = lambda _: False
    """Answers in place of the portal; False leaves it to the portal, None drops the line."""
    requests: list[Request] = field(default_factory=list)
    chunks: dict[str, bytes] = field(default_factory=dict)
    submissions: dict[str, bytes] = field(default_factory=dict)
    """Bodies by submission id."""
    seats: dict[str, dict[str, object]] = field(default_factory=dict)
    """What every token has, by meeting; a meeting that is not here takes nobody."""
    mailboxes: dict[str, dict[int, bytes]] = field(default_factory=dict)

    def answer(self, request: Request) -> Answer | None:
        asked = request.method + " " + request.path
        if request.path.startswith("/v1/"):
            self.requests.append(request)
            made = self.misbehave(request)
            if not isinstance(made, bool):
                return made
        for prefix, reply in self._routes().items():
            if asked.startswith(prefix):
                return reply(request)
        return NOT_FOUND

    def envelopes(self) -> list[Envelope]:
        """Open everything that arrived."""
        return [
            open_envelope(unpack_submission(body)[1], self.recipients)
            for body in self.submissions.values()
        ]

    def asked(self, beginning: str) -> list[Request]:
        return [r for r in self.requests if f"{r.method} {r.path}".startswith(beginning)]

    def _routes(self) -> dict[str, Callable[[Request], Answer]]:
        return {
            "GET /v1/keys": lambda _: Answer(self.key_list()),
            "GET /v1/challenge": lambda _: Answer(
                json.dumps({"challenge": "a challenge", "bits": 4, "puzzles": 2})
            ),
            "POST /v1/passes": lambda _: Answer(json.dumps({"pass": "a-pass"}), 201),
            "POST /v1/chunks/missing": self._missing,
            "PUT /v1/chunks/": self._store,
            "POST /v1/submissions": self._accept,
            "GET /v1/mailbox": self._mailbox,
            "DELETE /v1/mailbox/": self._delete,
            "GET /v1/seats/": self._seat,
            "PUT /v1/seats/": self._seat,
            "DELETE /v1/seats/": self._give_back,
            "GET /assets/": self._asset,
            "GET /ar/search-request/": lambda _: page(form_page(self.assets, "ar")),
            "GET /en/search-request/": lambda _: page(form_page(self.assets, "en")),
            "GET /en/briefing-registration/": lambda _: page(
                form_page(self.assets, "en", "briefing-registration")
            ),
            "GET /ar/return/": lambda _: page(return_page(self.assets, "ar")),
            "GET /elsewhere": lambda _: page("<title>weather</title>"),
        }

    def key_list(self) -> str:
        recipients = tuple((f"r{n}", r.recipient.text) for n, r in enumerate(self.recipients))
        keys = KeyList(
            deployment=DEPLOYMENT,
            serial=self.serial,
            issued=self.issued,
            expires=self.expires,
            recipients=recipients,
            receipts=RECEIPTS.verify_key,
            log=LOG.verify_key,
            replies=REPLIES.verify_key,
            letters=LETTERS.verify_key,
            previous="0" * 64,
        )
        return sign_note(keys.to_text(), *self.signers)

    def _missing(self, request: Request) -> Answer:
        return Answer(json.dumps([n for n in json.loads(request.body) if n not in self.chunks]))

    def _store(self, request: Request) -> Answer:
        name = request.path.rpartition("/")[2]
        assert chunk_name(request.body) == name
        self.chunks[name] = request.body
        return Answer(status=201)

    def _accept(self, request: Request) -> Answer:
        name = chunk_name(unpack_submission(request.body)[0])
        self.submissions[name] = request.body
        return Answer(make_receipt(name, TODAY, self.receipt_key), 201)

    def _box(self, request: Request) -> dict[int, bytes]:
        token = base64.urlsafe_b64decode(request.token.removeprefix("Mailbox ") + "==")
        return self.mailboxes.get(mailbox_id(token), {})

    def _mailbox(self, request: Request) -> Answer:
        messages = [
            {"n": n, "date": str(TODAY), "data": base64.b64encode(data).decode()}
            for n, data in self._box(request).items()
        ]
        return Answer(json.dumps({"messages": messages, "pad": "x"}))

    def _delete(self, request: Request) -> Answer:
        self._box(request).pop(int(request.path.rpartition("/")[2]), None)
        return Answer(status=204)

    def _seat(self, request: Request) -> Answer:
        has = self.seats.get(request.path.rpartition("/")[2])
        if has is None and request.method == "PUT":
            return Answer('{"type": "https://portal.example/problems/registration_closed"}', 409)
        return Answer(json.dumps(has or NO_SEAT))

    def _give_back(self, request: Request) -> Answer:
        self.seats.pop(request.path.rpartition("/")[2], None)
        return Answer(json.dumps(NO_SEAT))

    def _asset(self, request: Request) -> Answer:
        known = [asset for asset in vars(self.assets).values() if asset]
        found = [asset.path.read_bytes() for asset in known if asset.url == request.path]
        return script(found[0]) if found else NOT_FOUND


def form_page(assets: Assets, lang: str, form_id: str = "search-request") -> str:
    markup, data = _form(lang, form_id)
    return _document(lang, markup, data, [assets.beside_form, assets.form])


def return_page(assets: Assets, lang: str) -> str:
    markup, data = _form(lang, "follow-up")
    strings = load_library(ROOT).strings
    after = strings.section("form-follow-up", lang)["after"]
    data |= {"again": {**strings.section("follow-up", lang), "after": after}}
    data |= {"meetings": [{"id": meeting, "name": f"{meeting}!"} for meeting in MEETINGS]}
    return _document(
        lang,
        "<div data-return><p data-form-state></p></div>"
        f'<template data-follow-up><h2 tabindex="-1">again</h2>{markup}</template>',
        data,
        [assets.beside_form, assets.return_page],
    )


def _form(lang: str, form_id: str) -> tuple[str, dict[str, object]]:
    library = load_library(ROOT)
    form = library.forms.get(form_id, 1)
    templates = Environment(loader=FileSystemLoader(ROOT / "theme/templates"), autoescape=True)
    meetings = [(meeting, f"{meeting}!") for meeting in MEETINGS]
    view = form_view(form, library, lang, mode="encrypting", action="", meetings=meetings)
    markup = templates.from_string(
        '{% from "components/form.html" import form %}{{ form(view) }}'
    ).render(view=view)
    again = library.strings.section("follow-up", lang)
    return markup, {
        "form": script_definition(form, library, lang),
        "again": again,
        "filling": filling_words(library.strings, lang),
        "after": after_words(library.strings, form, lang),
    }


def _document(lang: str, markup: str, data: Mapping[str, object], scripts: list[Asset]) -> str:
    strings = load_library(ROOT).strings
    texts = strings.section("script", lang)
    told: dict[str, object] = {
        "lang": lang,
        "deployment": DEPLOYMENT,
        "api": "",
        "texts": texts,
        "errors": ERRORS,
    }
    told |= {name: strings.section(name, lang) for name in ("outbox", "files")}
    missing = texts["form"]["missing_script"]
    carried = json.dumps(told | dict(data)).replace("<", "\\u003c")
    tags = "".join(
        f'<script src="{asset.url}" integrity="{asset.integrity}" defer></script>'
        for asset in scripts
    )
    direction = "rtl" if lang == "ar" else "ltr"
    return (
        f"<!doctype html><html lang={lang} dir={direction}><meta charset=utf-8>"
        "<title>portal</title>"
        f"<style>{load_styles(ROOT).of(form=True)}</style>"
        '<header><a data-quick-exit href="/elsewhere">exit</a></header>'
        f"<main>{markup}</main>"
        f'<script type="application/json" id="page-data" data-missing="{missing}">'
        f"{carried}</script>{tags}"
    )
