"""How a page helps to pass it on: a text with day, address and code, and sheets to print."""

from typing import Any

from portal_content.handouts.definition import Handout
from portal_content.pages import Page
from portal_site.print.issued import handout_issue, landing, words_for
from portal_site.print.printables import links
from portal_site.values import Site


def sharing(
    site: Site, lang: str, text: str, *, subject: str = "", short: str = ""
) -> dict[str, Any]:
    """Return the values of theme/templates/components/share.html.

    Args:
        site: The build.
        lang: Language of the page.
        text: What is passed on, complete.
        subject: What the sheets are about; none are offered if empty.
        short: The same for a short message.
    """
    words = words_for(site, lang)
    return {
        "title": words("title"),
        "text": text,
        "short": short,
        "labels": {
            name: words(name) for name in ("text", "copy", "copied", "select", "send", "prints")
        },
        "prints": links(site, lang, subject) if subject else [],
    }


def sharing_of_page(site: Site, page: Page) -> dict[str, Any]:
    """Return what a written page adds to its frame: its text to pass on, with where to check it."""
    words, text = words_for(site, page.lang), page.meta.share
    handout = handout_of(site, page.slug)
    if handout is None:
        address = f"{site.settings.base_url}/{page.lang}/{page.slug}/"
        lines = [text, f"{words('check')} {address}"]
        return {"sharing": sharing(site, page.lang, "\n".join(lines))}
    issue = handout_issue(site, handout, page.lang)
    lines = [
        text,
        issue.issued_text,
        f"{words('check')} {landing(site, page.lang, issue.path)}",
        f"{words('code')} {issue.code}",
    ]
    whole = sharing(site, page.lang, "\n".join(lines), subject=page.slug)
    return {"sharing": whole}


def handout_of(site: Site, slug: str) -> Handout | None:
    """Return the edition of a page that holds, if it has one."""
    return next(
        (
            one
            for one in site.library.handouts.values()
            if one.page == slug and one.kind == "sheets" and one.state == "holds"
        ),
        None,
    )
