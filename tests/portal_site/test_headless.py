"""The content API as files: every document keeps to its published schema and to the content."""

import json
from pathlib import Path
from typing import Any

import pytest
from jsonschema import Draft202012Validator, FormatChecker

from portal_content.documents import PUBLISHED
from portal_content.forms.exchange import VERSION
from portal_content.languages import load_languages
from portal_content.library import load_library
from portal_content.translation_states import page_state
from portal_site.headless.pages import plain_text

ROOT = Path(__file__).parents[2]
LANGUAGES = load_languages(ROOT / "content" / "languages.yml")
LIBRARY = load_library(ROOT)
SINGLE = {"pages": "page", "briefings": "briefing", "alerts": "alert", "forms": "form"}


def read(path: Path) -> Any:
    return json.loads(path.read_text(encoding="utf-8"))


@pytest.fixture(scope="module")
def api(built_site: Path) -> Path:
    return built_site / "api" / "content" / "v1"


def schema_of(document: Path, folder: Path) -> str:
    parts = document.relative_to(folder).with_suffix("").parts
    return SINGLE[parts[0]] if len(parts) > 1 else parts[0]


@pytest.mark.parametrize("lang", LANGUAGES)
def test_every_document_keeps_to_its_published_schema(api: Path, lang: str) -> None:
    checked = set()
    for document in sorted((api / lang).rglob("*.json")):
        name = schema_of(document, api / lang)
        schema = read(api / "schemas" / f"{name}.json")
        Draft202012Validator.check_schema(schema)
        Draft202012Validator(schema, format_checker=FormatChecker()).validate(read(document))
        checked.add(name)

    assert checked == set(PUBLISHED)


def test_the_schema_of_requests_that_are_handed_on_is_published_as_it_was(built_site: Path) -> None:
    published = {path.name: path for path in (built_site / "api" / "schemas").glob("*.json")}

    assert f"search-request-{VERSION}.json" in published
    for path in (ROOT / "docs" / "schemas").glob("*.json"):
        assert published[path.name].read_bytes() == path.read_bytes()
        named = f"/api/schemas/{path.name}"
        assert named in (ROOT / "docs" / "connectors.md").read_text(encoding="utf-8")


def test_a_schema_refuses_what_is_no_document(api: Path) -> None:
    schema = read(api / "schemas" / "page.json")
    document = read(api / "en" / "pages" / "P06.json")
    validator = Draft202012Validator(schema, format_checker=FormatChecker())

    assert validator.is_valid(document)
    assert not validator.is_valid({**document, "surprise": 1})
    assert not validator.is_valid({key: document[key] for key in document if key != "state"})


@pytest.mark.parametrize("lang", LANGUAGES)
def test_every_page_is_listed_with_its_state_and_only_written_ones_have_words(
    api: Path, lang: str
) -> None:
    listed = {page["slug"]: page for page in read(api / lang / "pages.json")["pages"]}

    assert set(listed) == set(LIBRARY.sources)
    for slug, page in listed.items():
        there = (slug, lang) in LIBRARY.pages
        assert page["state"] == page_state(LIBRARY, slug, lang).state
        assert (page["title"] is not None) == there
        assert (api / lang / "pages" / f"{page['id']}.json").exists() == there


@pytest.mark.parametrize(("slug", "lang"), sorted(LIBRARY.pages))
def test_a_page_says_in_json_what_it_says_in_html(
    built_site: Path, api: Path, slug: str, lang: str
) -> None:
    page = LIBRARY.pages[slug, lang]
    document = read(api / lang / "pages" / f"{page.meta.id}.json")
    built = built_site / lang / ("index.html" if slug == "index" else f"{slug}/index.html")

    assert document["html"] in built.read_text(encoding="utf-8")
    assert document["title"] == page.meta.title
    assert "<" not in document["text"].replace("<3", "")
    assert len(document["paragraphs"]) == len(page.paragraphs())
    assert [source["document"] for source in document["sources"]]


def test_a_meeting_and_an_alert_are_the_same_alone_and_in_their_list(api: Path) -> None:
    for name in ("briefings", "alerts"):
        listed = read(api / "ar" / f"{name}.json")[name]
        assert len(listed) == len(getattr(LIBRARY, name))
        for one in listed:
            assert read(api / "ar" / name / f"{one['id']}.json") == one


def test_no_document_names_what_must_not_be_public(api: Path) -> None:
    for document in api.rglob("*.json"):
        if document.parent.name != "schemas":
            keys = set(_keys(read(document)))
            assert not keys & {"venue", "link", "join", "partner", "host", "reviewer"}, document


def test_the_index_leads_to_every_document(api: Path) -> None:
    for lang in LANGUAGES:
        index = read(api / lang / "index.json")
        assert index["demonstration"] is True
        assert {index["language"], *index["languages"]} == set(LANGUAGES)
        for path in index["documents"].values():
            assert (api / lang / path).exists()


def test_text_without_marks_keeps_lines_items_and_tables() -> None:
    html = "<h2>A</h2><p>b &amp; c</p><ul><li>d</li></ul><svg><text>x</text></svg>"
    html += "<table><tr><th>e</th><td>1</td></tr></table>"

    assert plain_text(html) == "A\nb & c\n- d\ne 1"


def _keys(value: Any) -> list[str]:
    if isinstance(value, dict):
        return [*value, *(key for one in value.values() for key in _keys(one))]
    if isinstance(value, list):
        return [key for one in value for key in _keys(one)]
    return []
