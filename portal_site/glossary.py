"""The public glossary on a page."""

from portal_content.pages import Page
from portal_site.values import Site


def words_block(site: Site, page: Page) -> str:
    """Lay out every word that is explained to everybody, in the order of the alphabet."""
    lang = page.lang
    words = [
        {"id": term.id, "term": term.terms[lang], "plain": term.plain[lang]}
        for term in site.library.glossary.public()
    ]
    return site.component(
        "words", lang, words=sorted(words, key=lambda word: word["term"].casefold())
    )
