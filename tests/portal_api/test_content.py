"""The content API of the service: what the files say, picked, and asked for twice."""

import importlib.util
import threading
from collections.abc import Iterator
from pathlib import Path
from types import ModuleType

import pytest
import uvicorn
from fastapi import FastAPI
from starlette.testclient import TestClient

from portal_api.content.service import FILTERS
from portal_api.settings import ApiSettings
from portal_site.build import build_site
from portal_site.settings import SiteSettings
from tests.portal_api.factories import Office

ROOT = Path(__file__).parents[2]


@pytest.fixture
def database_url(tmp_path: Path) -> str:
    """Content is not in the database: one engine is enough here."""
    return f"sqlite:///{tmp_path / 'portal.sqlite'}"


@pytest.fixture(scope="module")
def site(tmp_path_factory: pytest.TempPathFactory) -> Path:
    settings = SiteSettings(
        site_directory=tmp_path_factory.mktemp("content") / "site",
        base_url="https://portal.example.org",
    )
    build_site(settings)
    return settings.site_directory


@pytest.fixture
def settings(office: Office, tmp_path: Path, database_url: str, site: Path) -> ApiSettings:
    return office.settings(tmp_path, database_url=database_url, site=site)


@pytest.mark.parametrize("name", [*FILTERS, "pages/P10", "forms/search-request"])
@pytest.mark.parametrize("lang", ["ar", "en", "ku"])
def test_the_service_says_what_the_files_say(
    api: TestClient, site: Path, lang: str, name: str
) -> None:
    answer = api.get(f"/v1/content/{lang}/{name}")

    assert answer.status_code == 200
    assert answer.content == (site / "api/content/v1" / lang / f"{name}.json").read_bytes()
    assert answer.headers["content-type"] == "application/json"
    assert answer.headers["access-control-allow-origin"] == "*"


def test_the_index_is_at_the_language_itself(api: TestClient, site: Path) -> None:
    answer = api.get("/v1/content/ar")

    assert answer.content == (site / "api/content/v1/ar/index.json").read_bytes()


def test_what_has_not_changed_is_not_sent_again(api: TestClient) -> None:
    first = api.get("/v1/content/en/alerts")
    tag = first.headers["etag"]

    for sent in (tag, f'"other", {tag}', f"W/{tag}"):
        again = api.get("/v1/content/en/alerts", headers={"If-None-Match": sent})
        assert (again.status_code, again.content) == (304, b"")
        assert again.headers["etag"] == tag
    other = api.get("/v1/content/en/alerts", headers={"If-None-Match": '"other"'})
    assert other.status_code == 200
    picked = api.get("/v1/content/en/alerts?status=corrected")
    assert picked.headers["etag"] != tag


@pytest.mark.parametrize(
    ("name", "query", "holds"),
    [
        ("briefings", "women_only=true", lambda one: one["women_only"]),
        ("briefings", "women_only=false", lambda one: not one["women_only"]),
        ("briefings", "mode=online", lambda one: one["mode"] == "online"),
        ("briefings", "country=de", lambda one: one["country"] == "DE"),
        ("briefings", "status=cancelled", lambda one: one["status"] == "cancelled"),
        ("briefings", "audience=families&mode=online", lambda one: "families" in one["audience"]),
        (
            "briefings",
            "language=ku",
            lambda one: "ku" in one["languages"] or "ku" in one["interpretation"],
        ),
        ("pages", "section=trust", lambda one: one["section"] == "trust"),
        ("pages", "audience=children", lambda one: "children" in one["audience"]),
        ("pages", "state=draft", lambda one: one["state"] == "draft"),
        ("alerts", "status=corrected", lambda one: one["status"] == "corrected"),
        ("organisations", "kind=helper", lambda one: one["kind"] == "helper"),
        ("organisations", "help=legal", lambda one: "legal" in one["help"]),
        ("channels", "kind=domain", lambda one: one["kind"] == "domain"),
    ],
)
def test_a_filter_gives_exactly_what_fits(
    api: TestClient, name: str, query: str, holds: object
) -> None:
    whole = api.get(f"/v1/content/ar/{name}").json()[name]

    picked = api.get(f"/v1/content/ar/{name}?{query}").json()[name]

    fitting = [one for one in whole if holds(one)]  # type: ignore[operator]
    if "&" in query:
        fitting = [one for one in fitting if one["mode"] == "online"]
    assert picked == fitting
    assert 0 < len(picked) < len(whole) or name == "pages"


@pytest.mark.parametrize(
    ("path", "status", "words"),
    [
        ("/v1/content/de/nothing", 404, ""),
        ("/v1/content/de/pages/P99", 404, "Adresse"),
        ("/v1/content/xx/pages", 404, ""),
        ("/v1/content/..%2f..%2f/pages", 404, ""),
        ("/v1/content/de/pages/..%2findex", 404, ""),
        ("/v1/content/de/briefings?place=Homs", 422, "Filter"),
        ("/v1/content/ar/briefings?x=1", 422, "المرشِّحات"),
    ],
)
def test_what_there_is_not_is_said_in_the_language_asked_for(
    api: TestClient, path: str, status: int, words: str
) -> None:
    answer = api.get(path)

    assert answer.status_code == status
    assert answer.headers["content-type"] == "application/problem+json"
    assert words in answer.text
    if status == 422:
        assert answer.json()["filters"] == sorted(FILTERS["briefings"])
        assert "Homs" not in answer.text


def test_the_description_names_every_list_and_its_filters(api: TestClient) -> None:
    description = api.get("/v1/content/openapi.json").json()

    for name, filters in FILTERS.items():
        operation = description["paths"][f"/v1/content/{{lang}}/{name}"]["get"]
        named = {one["name"] for one in operation["parameters"] if one["in"] == "query"}
        assert named == set(filters)
        assert "$ref" in operation["responses"]["200"]["content"]["application/json"]["schema"]
    assert not [path for path in description["paths"] if "submissions" in path]


def load_bot() -> ModuleType:
    specification = importlib.util.spec_from_file_location("bot", ROOT / "docs/examples/bot.py")
    assert specification
    assert specification.loader
    module = importlib.util.module_from_spec(specification)
    specification.loader.exec_module(module)
    return module


@pytest.fixture
def address(app: FastAPI) -> Iterator[str]:
    server = uvicorn.Server(uvicorn.Config(app, port=0, log_level="error"))
    thread = threading.Thread(target=server.run)
    thread.start()
    while not server.started:
        thread.join(0.05)
    yield f"http://127.0.0.1:{server.servers[0].sockets[0].getsockname()[1]}"
    server.should_exit = True
    thread.join()


def test_the_bot_of_the_documentation_answers_with_texts_that_fit_one_message(
    address: str,
) -> None:
    bot = load_bot()

    for language in ("ar", "en"):
        for asked in ("alerts", "meetings", "P10"):
            messages = bot.answer(address, language, asked)
            assert messages
            assert all(len(message) <= bot.LONGEST_MESSAGE + 300 for message in messages)
    assert "[draft]" in bot.answer(address, "en", "P10")[0]
    assert bot.meetings(address, "ar", women_only="true")
