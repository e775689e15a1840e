"""Where codes lead: a list of all that we issued, and a page for each code, for good.

What hangs on a wall or was passed on years ago still leads here, and here it says what replaced it.
"""

from typing import Any

from portal_site.print.issued import CODES, Issue, issues, words_for
from portal_site.print.printables import links
from portal_site.staging import Staging
from portal_site.values import Site, alternates, frame


def stage(staging: Staging) -> None:
    """Add the list and the pages of a language."""
    site, lang = staging.site, staging.lang
    words, path = words_for(site, lang), f"{CODES}/"
    labels = {name: words(f"codes.{name}") for name in ("intro", "not_here", "zeros", "newer")}
    values = _frame(site, lang, path, words("codes.title")) | {
        "description": words("codes.description"),
        "labels": labels,
        "money": site.text("money", lang),
        "items": [_item(issue, lang) for issue in issues(site, lang)],
    }
    staging.page(CODES, "codes.html", values)
    for issue in issues(site, lang):
        if not issue.sample:
            _stage_code(staging, issue)


def prints_block(site: Site, lang: str) -> str:
    """Lay out every sheet of a language, by what it is about."""
    words = words_for(site, lang)
    grouped: dict[str, list[dict[str, Any]]] = {}
    for link in links(site, lang):
        grouped.setdefault(link["subject"], []).append(link)
    titles = {issue.about.strip("/").partition("/")[2]: issue.title for issue in issues(site, lang)}
    groups = [{"title": titles[subject], "links": found} for subject, found in grouped.items()]
    codes = {"title": words("codes.title"), "address": f"/{lang}/{CODES}/"}
    return site.component("prints", lang, groups=groups, codes=codes)


def _stage_code(staging: Staging, issue: Issue) -> None:
    site, lang = staging.site, staging.lang
    words = words_for(site, lang)
    names = ("copied", "about", "newer", "all")
    labels = {name: words(f"codes.{name}") for name in names}
    values = _frame(site, lang, issue.path, words("codes.title_one")) | {
        "noindex": True,
        "labels": labels | {"code": words("code")},
        "money": site.text("money", lang),
        "item": _item(issue, lang),
        "back": f"/{lang}/{CODES}/",
    }
    staging.page(issue.path.rstrip("/"), "code.html", values)


def _item(issue: Issue, lang: str) -> dict[str, Any]:
    return {
        "kind": issue.kind,
        "title": issue.title,
        "code": issue.code,
        "address": f"/{lang}/{issue.path}",
        "about": issue.about,
        "issued": issue.issued_text,
        "holds": issue.holds,
        "state": issue.state,
        "newer": issue.newer,
    }


def _frame(site: Site, lang: str, path: str, heading: str) -> dict[str, Any]:
    return frame(
        site,
        lang,
        path,
        title=words_for(site, lang)("codes.neutral_title"),
        heading=heading,
        description=heading,
        alternates=alternates(site, list(site.library.languages), path),
        quick_exit=True,
    )
