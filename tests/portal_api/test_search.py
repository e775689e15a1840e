"""The search of the service: for people without script, for programs, and for nobody's memory."""

from collections.abc import Iterator

import httpx
import pytest

from portal_content.library import Library
from portal_content.search.engine import make_engine
from tests.portal_api.running import Running


@pytest.fixture
def client(served_site: Running) -> Iterator[httpx.Client]:
    with httpx.Client(base_url=served_site.url) as client:
        yield client


def test_a_program_gets_what_the_terminal_prints(client: httpx.Client, library: Library) -> None:
    answer = client.get("/v1/search/ar", params={"q": "وثائق", "limit": 3}).json()

    expected = [result.entry["id"] for result in make_engine(library, "ar").search("وثائق", 3)]
    assert [one["id"] for one in answer["results"]] == expected


def test_without_a_query_the_page_of_the_site_is_shown(client: httpx.Client) -> None:
    assert 'id="search-data"' in client.get("/ar/find/").text
    assert 'id="search-data"' in client.get("/ar/find/", params={"q": " "}).text


def test_results_are_counted_in_the_readers_digits(client: httpx.Client) -> None:
    assert "٨ نتائج" in client.get("/ar/find/", params={"q": "رسوم"}).text


@pytest.mark.parametrize("path", ["/v1/search/xx?q=a", "/xx/find/?q=a", "/..%2f/find/?q=a"])
def test_a_language_that_does_not_exist_is_not_found(client: httpx.Client, path: str) -> None:
    assert client.get(path).status_code == 404


@pytest.mark.parametrize("query", ["q=&limit=0", "limit=3", "q=" + "a" * 300])
def test_a_program_that_asks_wrongly_is_told(client: httpx.Client, query: str) -> None:
    answer = client.get(f"/v1/search/ar?{query}")

    assert answer.status_code == 422
    assert answer.headers["content-type"] == "application/problem+json"


def test_a_long_query_of_a_person_is_cut_and_answered(client: httpx.Client) -> None:
    assert client.get("/ar/find/", params={"q": "سجن " * 500}).status_code == 200


def test_nothing_that_was_looked_for_is_stored_or_logged(
    client: httpx.Client, served_site: Running
) -> None:
    page = client.get("/ar/find/", params={"q": "صيدنايا"})

    assert page.headers["cache-control"] == "no-store"
    assert "%D8%B5%D9%8A" not in served_site.log
    assert "صيدنايا" not in served_site.log
