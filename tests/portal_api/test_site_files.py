"""The built site: the right file, the right kind, nothing from outside its folder."""

import os
from pathlib import Path

import pytest
from starlette.testclient import TestClient

from portal_api.settings import ApiSettings
from tests.portal_api.factories import Office

HTML = "text/html; charset=utf-8"


@pytest.fixture
def database_url(tmp_path: Path) -> str:
    """Pages are not in the database: one engine is enough here."""
    return f"sqlite:///{tmp_path / 'portal.sqlite'}"


@pytest.fixture
def site(tmp_path: Path) -> Path:
    """A small site as the build writes it."""
    pages = {
        "index.html": "languages",
        "404.html": "not here",
        "ar/index.html": "البداية",
        "ar/404.html": "لا صفحة",
        "ar/shell.html": "<title>%%PORTAL_TITLE%%</title><main>%%PORTAL_CONTENT%%</main>",
        "ar/return/index.html": "الرمز",
        "assets/main.0123abcd4567.js": "script",
        "assets/plain.js": "script",
        "ar/briefings.atom": "<feed/>",
        "ar/briefings.ics": "BEGIN:VCALENDAR",
        "api/content/v1/ar/index.json": "{}",
        ".git/config": "secret",
    }
    for name, text in pages.items():
        path = tmp_path / "site" / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text, encoding="utf-8")
    (tmp_path / "outside.txt").write_text("outside")
    (tmp_path / "site" / "link.txt").symlink_to(tmp_path / "outside.txt")
    return tmp_path / "site"


@pytest.fixture
def settings(office: Office, tmp_path: Path, database_url: str, site: Path) -> ApiSettings:
    return office.settings(tmp_path, database_url=database_url, site=site)


@pytest.mark.parametrize(
    ("path", "text", "kind"),
    [
        ("/", "languages", HTML),
        ("/ar/", "البداية", HTML),
        ("/ar/return/", "الرمز", HTML),
        ("/ar/return/index.html", "الرمز", HTML),
        ("/assets/plain.js", "script", "text/javascript; charset=utf-8"),
        ("/ar/briefings.atom", "<feed/>", "application/atom+xml; charset=utf-8"),
        ("/ar/briefings.ics", "BEGIN:VCALENDAR", "text/calendar; charset=utf-8"),
        ("/api/content/v1/ar/index.json", "{}", "application/json"),
    ],
)
def test_an_address_gives_its_file_with_kind_and_charset(
    api: TestClient, path: str, text: str, kind: str
) -> None:
    answer = api.get(path, headers={"Accept-Encoding": "identity"})

    assert (answer.status_code, answer.text) == (200, text)
    assert answer.headers["content-type"] == kind


def test_a_folder_without_its_slash_leads_to_the_one_with_it(api: TestClient) -> None:
    answer = api.get("/ar/return", follow_redirects=False)

    assert (answer.status_code, answer.headers["location"]) == (308, "/ar/return/")


def test_no_address_leads_to_another_host(api: TestClient) -> None:
    answer = api.get("http://testserver//ar", follow_redirects=False)

    assert answer.status_code == 404
    assert "location" not in answer.headers


@pytest.mark.parametrize(
    ("path", "text"),
    [("/ar/nothing/", "لا صفحة"), ("/ku/nothing/", "not here"), ("/x", "not here")],
)
def test_what_is_not_there_is_said_in_the_language_of_the_address(
    api: TestClient, path: str, text: str
) -> None:
    answer = api.get(path)

    assert (answer.status_code, answer.text) == (404, text)
    assert answer.headers["content-type"] == HTML


@pytest.mark.parametrize(
    "path",
    [
        "/../outside.txt",
        "/%2e%2e/outside.txt",
        "/ar/..%2f..%2foutside.txt",
        "/ar/%5c..%5c..%5coutside.txt",
        "/.git/config",
        "/link.txt",
        "/ar/shell.html",
        "/ar/index.html%00.txt",
        "http://testserver//etc/passwd",
        "/etc/passwd",
    ],
)
def test_nothing_comes_from_outside_the_site(api: TestClient, path: str) -> None:
    answer = api.get(path)

    assert (answer.status_code, answer.text) in {(404, "not here"), (404, "لا صفحة")}


@pytest.mark.parametrize("path", ["/ar/" + "x" * 300, "/" + "ب" * 130, "/x" * 3_000])
def test_a_name_longer_than_any_file_s_is_just_not_there(api: TestClient, path: str) -> None:
    assert api.get(path).status_code == 404


def test_only_what_is_named_by_its_content_is_kept_by_browsers(api: TestClient) -> None:
    page, asset, plain = (
        api.get(path).headers["cache-control"]
        for path in ("/ar/", "/assets/main.0123abcd4567.js", "/assets/plain.js")
    )

    assert page == plain == "no-cache"
    assert asset == "public, max-age=31536000, immutable"


def test_a_page_that_has_not_changed_is_not_sent_again(api: TestClient, site: Path) -> None:
    first = api.get("/ar/")

    same = api.get("/ar/", headers={"If-None-Match": first.headers["etag"]})
    (site / "ar/index.html").write_text("جديد", encoding="utf-8")
    changed = api.get("/ar/", headers={"If-None-Match": first.headers["etag"]})

    assert (same.status_code, same.content) == (304, b"")
    assert (changed.status_code, changed.text) == (200, "جديد")
    assert "last-modified" not in first.headers


@pytest.mark.parametrize(
    ("accepted", "encoding"),
    [
        ("gzip, deflate, br, zstd", "br"),
        ("gzip, zstd", "zstd"),
        ("gzip;q=1.0, br;q=0", "gzip"),
        ("*", "br"),
        ("br;q=strange, GZIP", "gzip"),
        ("identity", ""),
        ("deflate, br;q=0, zstd;q=0.0", ""),
        ("", ""),
    ],
)
def test_a_file_is_sent_as_the_build_packed_it_to_who_can_unpack_it(
    api: TestClient, site: Path, accepted: str, encoding: str
) -> None:
    script = site / "assets" / "plain.js"
    for ending in (".br", ".zst", ".gz"):
        script.with_name(script.name + ending).write_text(ending)

    with api.stream("GET", "/assets/plain.js", headers={"Accept-Encoding": accepted}) as answer:
        content = b"".join(answer.iter_raw()).decode()

    assert answer.headers.get("content-encoding", "") == encoding
    assert content == {"br": ".br", "zstd": ".zst", "gzip": ".gz", "": "script"}[encoding]
    assert answer.headers["vary"] == "Accept-Encoding"
    assert answer.headers["content-type"] == "text/javascript; charset=utf-8"


def test_what_was_packed_before_the_last_change_is_not_sent(api: TestClient, site: Path) -> None:
    script = site / "assets" / "plain.js"
    packed = script.with_name("plain.js.br")
    packed.write_text("old")
    os.utime(packed, ns=(0, 0))

    answer = api.get("/assets/plain.js", headers={"Accept-Encoding": "br"})

    assert answer.text == "script"


@pytest.mark.parametrize("ending", [".br", ".zst", ".gz"])
def test_a_packed_file_has_no_address_of_its_own(api: TestClient, site: Path, ending: str) -> None:
    (site / "ar" / f"index.html{ending}").write_text("packed")

    assert api.get(f"/ar/index.html{ending}").status_code == 404


def test_a_head_request_gets_the_headers_alone(api: TestClient) -> None:
    answer = api.head("/ar/")

    assert (answer.status_code, answer.content) == (200, b"")
    assert answer.headers["content-type"] == HTML


def test_only_the_content_api_is_open_to_scripts_of_other_sites(api: TestClient) -> None:
    opened = api.get("/api/content/v1/ar/index.json")
    closed = api.get("/ar/")

    assert opened.headers["access-control-allow-origin"] == "*"
    assert "access-control-allow-origin" not in closed.headers
