"""The shipped configurations of Caddy and nginx, run for real, serve what the service serves."""

import os
import shutil
import subprocess
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import httpx
import pytest

from portal_api.headers import (
    ALWAYS,
    OTHER_POLICY,
    PAGE_POLICY,
    PERMISSIONS,
    WORKER_POLICY,
)
from tests.portal_api.running import Running, free_port

DEPLOY = Path(__file__).parents[2] / "deploy"
MODULES = Path("/usr/lib/nginx/modules/ngx_http_brotli_static_module.so")
START_SECONDS = 20


def found(name: str) -> str | None:
    if name == "nginx" and not MODULES.exists():
        return None
    return shutil.which(name, path=f"{os.environ['PATH']}:/usr/sbin")


@contextmanager
def started(
    command: list[str], url: str, folder: Path, environment: dict[str, str]
) -> Iterator[str]:
    with (folder / "log").open("wb") as log:
        process = subprocess.Popen(command, env=environment, stdout=log, stderr=subprocess.STDOUT)
    deadline = time.monotonic() + START_SECONDS
    try:
        while True:
            try:
                httpx.get(f"{url}/", timeout=2)
                break
            except httpx.TransportError:
                told = (folder / "log").read_text(errors="replace")
                assert process.poll() is None, told
                assert time.monotonic() < deadline, told
                time.sleep(0.05)
        yield url
    finally:
        process.terminate()
        process.wait()


@contextmanager
def nginx(service: Running, site: Path, folder: Path) -> Iterator[str]:
    port = free_port()
    text = (DEPLOY / "nginx" / "portal.conf").read_text(encoding="utf-8")
    for shipped, here in {
        "127.0.0.1:8400": f"127.0.0.1:{service.settings.port}",
        "listen 443 ssl;": f"listen 127.0.0.1:{port};",
        "ssl_certificate ": "#ssl_certificate ",
        "ssl_certificate_key": "#ssl_certificate_key",
        "root /srv/portal/site;": f"root {site};",
        "#brotli_static": "brotli_static",
    }.items():
        assert shipped in text
        text = text.replace(shipped, here)
    (folder / "portal.conf").write_text(text, encoding="utf-8")
    shutil.copy(DEPLOY / "nginx" / "portal_headers.conf", folder)
    places = "".join(
        f"{name}_temp_path {folder}/{name};"
        for name in ("client_body", "proxy", "fastcgi", "uwsgi", "scgi")
    )
    (folder / "nginx.conf").write_text(
        f"load_module {MODULES}; daemon off; pid {folder}/pid; error_log stderr;\n"
        f"events {{}} http {{ {places} include portal.conf; }}\n"
    )
    command = [found("nginx") or "", "-p", str(folder), "-c", str(folder / "nginx.conf")]
    with started(command, f"http://127.0.0.1:{port}", folder, {}) as url:
        yield url


@contextmanager
def caddy(service: Running, site: Path, folder: Path) -> Iterator[str]:
    url = f"http://127.0.0.1:{free_port()}"
    environment = {
        "PORTAL_ADDRESS": url,
        "PORTAL_SITE": str(site),
        "PORTAL_SERVICE": f"127.0.0.1:{service.settings.port}",
        "HOME": str(folder),
        "XDG_DATA_HOME": str(folder),
        "XDG_CONFIG_HOME": str(folder),
    }
    command = [
        found("caddy") or "",
        "run",
        "--adapter",
        "caddyfile",
        "--config",
        f"{DEPLOY}/caddy/Caddyfile",
    ]
    with started(command, url, folder, environment) as address:
        yield address


SERVERS = {"nginx": nginx, "caddy": caddy}


@pytest.fixture(scope="module", params=SERVERS)
def server(
    request: pytest.FixtureRequest,
    served_site: Running,
    built_site: Path,
    tmp_path_factory: pytest.TempPathFactory,
) -> Iterator[httpx.Client]:
    if found(request.param) is None:
        pytest.skip(f"{request.param} is not installed, and could not be")
    folder = tmp_path_factory.mktemp(request.param)
    folder.chmod(0o777)
    for parent in (built_site, *built_site.parents):
        parent.chmod(
            parent.stat().st_mode | 0o055
        )  # The workers of nginx have a user of their own.
        if parent.name.startswith("pytest-of"):
            break
    with (
        SERVERS[request.param](served_site, built_site, folder) as url,
        httpx.Client(base_url=url) as client,
    ):
        client.headers["x-folder"] = str(folder)
        yield client


@pytest.mark.parametrize("encoding", ["br", "gzip"])
def test_a_page_is_sent_as_the_build_packed_it(
    server: httpx.Client, built_site: Path, encoding: str
) -> None:
    with server.stream("GET", "/ar/verify/", headers={"Accept-Encoding": encoding}) as answer:
        sent = b"".join(answer.iter_raw())

    ending = {"br": ".br", "gzip": ".gz"}[encoding]
    assert answer.headers["content-encoding"] == encoding
    assert sent == (built_site / "ar" / "verify" / f"index.html{ending}").read_bytes()
    assert "accept-encoding" in answer.headers["vary"].lower()


def test_the_headers_are_those_of_the_service(server: httpx.Client) -> None:
    page, feed = server.get("/ar/verify/"), server.get("/ar/alerts.atom")
    allowed = PERMISSIONS.format(microphone="(self)")
    for records in ("/ar/search-request/", "/en/return/"):
        assert server.get(records).headers["permissions-policy"] == allowed, records

    for answer, policy in ((page, PAGE_POLICY), (feed, OTHER_POLICY)):
        assert answer.status_code == 200, answer.url
        for name, value in ALWAYS.items():
            assert answer.headers[name] == value, (answer.url, name)
        assert answer.headers["content-security-policy"] == policy
        assert answer.headers["cache-control"] == "no-cache"
    assert page.headers["content-type"].lower() == "text/html; charset=utf-8"
    assert feed.headers["content-type"].lower() == "application/atom+xml; charset=utf-8"


def test_what_never_changes_is_asked_for_once(server: httpx.Client, built_site: Path) -> None:
    script = next((built_site / "assets").glob("main.*.js"))

    answer = server.get(f"/assets/{script.name}")
    assert answer.headers["cache-control"] == "public, max-age=31536000, immutable"
    assert answer.headers["content-type"].lower() == "text/javascript; charset=utf-8"


def test_not_modified_brings_no_stricter_policy(server: httpx.Client) -> None:
    first = server.get("/ar/verify/")
    again = server.get("/ar/verify/", headers={"If-None-Match": first.headers["etag"]})

    assert again.status_code == 304
    assert again.headers.get("content-security-policy", PAGE_POLICY) == PAGE_POLICY


@pytest.mark.parametrize(
    ("path", "page"),
    [("/ku/nothing/", "ku/404.html"), ("/nothing", "404.html"), ("/ar/shell.html", "ar/404.html")],
)
def test_what_is_not_there_is_said_in_the_language(
    server: httpx.Client, built_site: Path, path: str, page: str
) -> None:
    answer = server.get(path)

    assert answer.status_code == 404
    if "shell" not in path:
        assert answer.text == (built_site / page).read_text(encoding="utf-8")


@pytest.mark.parametrize(
    "path", ["/ar/index.html.br", "/ar/index.html.gz", "/ar/shell.html", "/.git/config"]
)
def test_inner_files_have_no_address(server: httpx.Client, path: str) -> None:
    assert server.get(path).status_code == 404


def test_the_service_answers_behind_it(server: httpx.Client) -> None:
    keys = server.get("/v1/keys")
    results = server.get("/ar/find/", params={"q": "نصب"})
    page = server.get("/ar/find/")

    assert keys.status_code == 200
    assert 'class="results"' in results.text
    assert 'id="search-data"' in page.text
    for name, value in ALWAYS.items():
        assert keys.headers.get_list(name) == [value]


def test_scripts_of_other_sites_may_read_the_content_alone(server: httpx.Client) -> None:
    opened, closed = server.get("/api/content/v1/ar/index.json"), server.get("/ar/")

    assert opened.headers["access-control-allow-origin"] == "*"
    assert "access-control-allow-origin" not in closed.headers


def test_nobodys_address_and_nothing_that_was_asked_is_written_down(server: httpx.Client) -> None:
    server.get("/ar/find/", params={"q": "secretword"})
    server.get("/en/secretpage/")

    folder = Path(server.headers["x-folder"])
    for path in folder.rglob("*"):
        if path.is_file() and path.name not in ("portal.conf", "nginx.conf", "autosave.json"):
            text = path.read_bytes()
            assert b"secret" not in text, path
            assert b'"127.0.0.1"' not in text, path


def test_the_worker_may_fetch_what_it_keeps(server: httpx.Client) -> None:
    worker = server.get("/worker.js")

    assert worker.headers["content-security-policy"] == WORKER_POLICY
    assert worker.headers["cache-control"] == "no-cache"


def test_leaving_clears_but_not_from_a_link_on_another_site(server: httpx.Client) -> None:
    own = server.get("/ar/exit/", headers={"Sec-Fetch-Site": "same-origin"})
    foreign = server.get("/ar/exit/", headers={"Sec-Fetch-Site": "cross-site"})

    assert own.status_code == foreign.status_code == 303
    assert own.headers["location"] == "https://ar.wikipedia.org/"
    assert "storage" in own.headers["clear-site-data"]
    assert "clear-site-data" not in foreign.headers
    assert server.post("/exit").headers["clear-site-data"] == '"cache"'
    assert "clear-site-data" not in server.get("/ar/").headers
