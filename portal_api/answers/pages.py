"""Answers for people: whole pages of their language, never stored, nothing in an address."""

import base64
import secrets
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from fastapi import Request
from jinja2 import Environment, FileSystemLoader, StrictUndefined
from markupsafe import escape
from starlette.responses import HTMLResponse, Response

from portal_api.errors import ApiError, problem, retry_header
from portal_api.site_files import SHELL
from portal_content.languages import Language
from portal_content.library import Library

TITLE_MARK = "%%PORTAL_TITLE%%"
CONTENT_MARK = "%%PORTAL_CONTENT%%"
MACHINES = "/v1/"
"""Below this, scripts ask and get problems as JSON; everywhere else people do."""
STEP = 16_384
"""Pages that may hold messages are as long as a multiple of this."""


class Answers:
    """Writes pages from templates, strings and the shell of each language."""

    def __init__(self, library: Library, site_directory: Path | None) -> None:
        self.library = library
        self._site = site_directory
        self._templates = Environment(
            loader=FileSystemLoader(library.root / "theme" / "templates"),
            autoescape=True,
            undefined=StrictUndefined,
        )

    def language(self, code: str) -> Language:
        """Return a language by its code, the first one if there is none such."""
        languages = self.library.languages
        return languages.get(code) or next(iter(languages.values()))

    def text(self, key: str, language: Language, **values: Any) -> str:
        """Return a sentence."""
        return self.library.strings.text(key, language.code, **values)

    def texts(self, key: str, language: Language) -> dict[str, Any]:
        """Return every sentence below a key, nested as in the file."""
        section, *path = key.split(".")
        found: Any = self.library.strings.section(section, language.code)
        for part in path:
            found = found[part]
        return dict(found)

    def page(
        self,
        name: str,
        language: Language,
        *,
        title: str,
        status: int = 200,
        same_size: bool = False,
        **values: Any,
    ) -> HTMLResponse:
        """Lay out a page.

        Args:
            name: Template below theme/templates/answers/.
            language: Language of the page.
            title: Text of its title.
            status: HTTP status.
            same_size: Whether its length must not tell what is in it.
            values: What the template shows.
        """
        template = self._templates.get_template(f"answers/{name}.html")
        content = template.render(title=title, lang=language.code, **values)
        html = self._framed(language, str(escape(title)), content)
        if same_size:
            html += _padding(len(html.encode()))
        return HTMLResponse(html, status_code=status)

    def refusal(self, request: Request, error: type[ApiError]) -> Response:
        """Answer a refusal: a page for people, a problem for scripts."""
        if request.url.path.startswith(MACHINES):
            return problem(error)
        language = self._language_of(request)
        answer = self.page(
            "problem",
            language,
            title=self.text("answers.problem.title", language),
            status=error.status,
            sentences=self._sentences(request, error, language),
            start=self.text("answers.problem.start", language),
        )
        answer.headers.update(retry_header(error))
        return answer

    def _sentences(self, request: Request, error: type[ApiError], language: Language) -> list[str]:
        keys = [f"errors.{error.code}.happened", f"errors.{error.code}.do"]
        if request.method == "POST":
            # The form is on the page before; here nothing can be promised about it.
            keys.append("answers.problem.back")
        return [self.text(key, language) for key in keys]

    def _language_of(self, request: Request) -> Language:
        """Return the language of a request: said by the page, by the path, by the browser."""
        said = getattr(request.state, "lang", "")
        wanted = [said, request.url.path.split("/")[1]]
        accepted = request.headers.get("accept-language", "")[:200].split(",")
        wanted += [part.split(";")[0].split("-")[0].strip().lower() for part in accepted]
        known = [code for code in wanted if code in self.library.languages]
        return self.language(known[0] if known else "")

    def _framed(self, language: Language, title: str, content: str) -> str:
        shell = self._shell(language)
        before_title, _, rest = shell.partition(TITLE_MARK)
        between, _, after_content = rest.partition(CONTENT_MARK)
        return before_title + title + between + content + after_content

    def _shell(self, language: Language) -> str:
        if self._site is not None:
            path = self._site / language.code / SHELL
            # Without the built site a plain frame still carries the answer: it may hold the only
            # copy of a return code.
            if path.is_file():
                return path.read_text(encoding="utf-8")
        return self._templates.get_template("answers/bare.html").render(
            lang=language.html_lang,
            direction=language.direction,
            title_mark=TITLE_MARK,
            content_mark=CONTENT_MARK,
        )


def ordered(texts: Mapping[str, str]) -> list[str]:
    """Return sentences in the order of their file."""
    return list(texts.values())


def _padding(size: int) -> str:
    """Return a comment that fills a page up; random, so that compression keeps it."""
    frame = len("<!---->")
    wanted = -(size + frame) % STEP
    filling = base64.b64encode(secrets.token_bytes(wanted)).decode()[:wanted]
    return f"<!--{filling}-->"
