"""A large site of made-up pages, for our build and for a peer's: the same words in both."""

import random
import shutil
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from pathlib import Path

import material
import yaml

from portal_content.library import load_library
from portal_content.recording import record

LANGUAGES = ("ar", "en", "ku", "tr", "de", "fr")
SECTIONS = 20
HEADINGS = 5
WORDS_IN_PARAGRAPH = 70
VOCABULARY = 4_000
_LETTERS = {"ar": "ابتثجحخدذرزسشصضطظعغفقكلمنهوي"}
_LATIN = "abcdefghijklmnopqrstuvwxyz"


@dataclass(frozen=True)
class MadeUpPage:
    """One page in one language."""

    slug: str
    section: str
    lang: str
    title: str
    body: str


def made_up_pages(pages: int) -> Iterator[MadeUpPage]:
    """Yield so many pages in each language; the same number gives the same pages."""
    for lang in LANGUAGES:
        draw = random.Random(lang)  # noqa: S311 (words, not secrets)
        words = ["".join(draw.choices(_LETTERS.get(lang, _LATIN), k=6)) for _ in range(VOCABULARY)]
        for number in range(pages):
            parts = []
            for heading in range(HEADINGS):
                text = " ".join(draw.choices(words, k=WORDS_IN_PARAGRAPH))
                parts.append(f"## {draw.choice(words)} {{#part-{heading}}}\n\n{text}.")
            section = f"section-{number % SECTIONS:02}"
            title = " ".join(draw.choices(words, k=3))
            yield MadeUpPage(f"page-{number:04}", section, lang, title, "\n\n".join(parts))


def write_ours(root: Path, project: Path, pages: int) -> None:
    """Write a project of ours: the real one with the made-up pages in the place of its own.

    Args:
        root: The real project.
        project: Folder to write to.
        pages: How many in each language.
    """
    for name in ("content", "translations"):
        shutil.copytree(root / name, project / name)
    shutil.copytree(
        root / "theme", project / "theme", ignore=shutil.ignore_patterns("node_modules")
    )
    for own in [*(project / "content").rglob("*.md"), *(project / "content").glob("*/sample-*")]:
        own.unlink()
    (project / "theme" / "node_modules").symlink_to(root / "theme" / "node_modules")
    for page in made_up_pages(pages):
        path = project / "content" / page.section / f"{page.slug}.{page.lang}.md"
        path.parent.mkdir(exist_ok=True)
        head = yaml.safe_dump(_front_matter(page), allow_unicode=True, sort_keys=False)
        path.write_text(f"---\n{head}---\n\n{page.body}\n", encoding="utf-8")
    library = load_library(project)
    for (slug, lang), one in library.pages.items():
        if one.meta.section.startswith("section-") and lang != library.sources[slug]:
            record(library, one)


def write_peer(folder: Path, pages: int) -> Path:
    """Write the same pages for Material with mkdocs-static-i18n; return its configuration."""
    for page in made_up_pages(pages):
        path = folder / "docs" / page.section / f"{page.slug}.{page.lang}.md"
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(f"# {page.title}\n\n{page.body}\n", encoding="utf-8")
    return configure_peer(folder)


def configure_peer(folder: Path) -> Path:
    """Write what Material with mkdocs-static-i18n needs beside pages; return its configuration."""
    for lang in LANGUAGES:
        (folder / "docs" / f"index.{lang}.md").write_text("# Index\n", encoding="utf-8")
    # Material has no Kurmanji and stops without it; English strings stand in.
    strings = folder / "theme" / "partials" / "languages" / "ku.html"
    strings.parent.mkdir(parents=True)
    english = Path(material.__file__).parent / "templates" / "partials" / "languages" / "en.html"
    shutil.copy(english, strings)
    configuration = folder / "mkdocs.yml"
    configuration.write_text(yaml.safe_dump(_peer_configuration()), encoding="utf-8")
    return configuration


def _front_matter(page: MadeUpPage) -> dict[str, object]:
    return {
        "id": f"P1{page.slug[-4:]}",
        "title": page.title,
        "description": page.title,
        "audience": ["public"],
        "section": page.section,
        "order": int(page.slug[-4:]),
        "quick_exit": False,
        "sources": [{"document": "made up", "paragraphs": "1"}],
        "as_of": date(2026, 11, 1),
        "reviewed": None,
        "review_every": 180,
        "translation_state": "original" if page.lang == LANGUAGES[0] else "draft",
        "share": page.title,
        "audio": "none",
    }


def _peer_configuration() -> dict[str, object]:
    languages = [
        {"locale": lang, "name": lang, "build": True, "default": lang == LANGUAGES[0]}
        for lang in LANGUAGES
    ]
    return {
        "site_name": "Peer",
        "site_url": "https://portal.example.org/",
        "theme": {"name": "material", "custom_dir": "theme", "font": False},
        "markdown_extensions": ["admonition", "attr_list", "def_list", "tables", "sane_lists"],
        "plugins": ["search", {"i18n": {"docs_structure": "suffix", "languages": languages}}],
    }
