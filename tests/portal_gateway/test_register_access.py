"""Who gets in, what every page carries, and what another site cannot do."""

from typing import Any

import pytest
from starlette.testclient import TestClient

from portal_gateway.audit import Action
from portal_gateway.run import Gateway
from portal_gateway.settings import GatewaySettings
from tests.portal_gateway.desks import NAME, PASSWORD, Desk, open_desk
from tests.portal_gateway.moments import NOON, later

pytestmark = pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)

PAGES = [
    "/",
    "/set-aside",
    "/cases/ABC",
    "/cases/ABC/files/1/photo",
    "/cases/ABC/files/1/sound",
    "/cases/ABC/files/1/original",
]
ACTS = ["/sign-out", "/language", "/cases/ABC/reply", "/cases/ABC/reply/look", "/set-aside/x/again"]


@pytest.fixture
def stranger(settings: GatewaySettings, gateway: Gateway) -> Desk:
    return open_desk(settings, gateway)


@pytest.fixture
def desk(stranger: Desk) -> Desk:
    assert stranger.sign_in().status_code == 303
    return stranger


@pytest.mark.parametrize("path", PAGES)
def test_without_signing_in_there_is_nothing_to_see(stranger: Desk, path: str) -> None:
    answer = stranger.get(path)

    assert (answer.status_code, answer.headers["location"]) == (303, "/sign-in")
    assert stranger.acts() == []


@pytest.mark.parametrize("path", ACTS)
def test_without_signing_in_there_is_nothing_to_do(stranger: Desk, path: str) -> None:
    assert stranger.client.post(path, data={}).headers["location"] == "/sign-in"


def test_signing_in_leads_to_the_list_and_is_written_down(stranger: Desk) -> None:
    answer = stranger.sign_in()

    assert (answer.status_code, answer.headers["location"]) == (303, "/")
    assert stranger.get("/").status_code == 200
    assert stranger.acts()[0] == (NAME, Action.SIGNED_IN, "")


def test_the_cookie_is_for_no_script_and_no_other_site(stranger: Desk) -> None:
    cookies = stranger.sign_in().headers.get_list("set-cookie")

    assert len(cookies) == 3
    assert all("HttpOnly" in cookie and "SameSite=strict" in cookie for cookie in cookies)
    lasting = [cookie.split("=")[0] for cookie in cookies if "Max-Age" in cookie]
    assert lasting == ["register-device"]


def test_over_tls_the_cookie_stays_there(stranger: Desk) -> None:
    over_tls = TestClient(stranger.app, base_url="https://127.0.0.1", follow_redirects=False)

    form = {"name": NAME, "password": PASSWORD, "code": stranger.code()}
    answer = over_tls.post("/sign-in", data=form)

    assert "Secure" in answer.headers["set-cookie"]


def test_a_wrong_password_is_said_kindly_and_kept_nowhere(stranger: Desk) -> None:
    answer = stranger.client.post("/sign-in", data={"name": NAME, "password": "wrong one here"})

    assert answer.status_code == 401
    assert "do not belong together" in answer.text
    assert "wrong one here" not in answer.text
    assert stranger.acts() == [(None, Action.SIGN_IN_REFUSED, "")]


def test_after_many_attempts_one_has_to_wait(stranger: Desk) -> None:
    for _ in range(5):
        stranger.client.post("/sign-in", data={"name": NAME, "password": "wrong one here"})

    answer = stranger.sign_in()

    assert answer.status_code == 429
    assert "wait some minutes" in answer.text


def test_after_half_an_hour_the_page_says_that_the_session_ended(desk: Desk) -> None:
    desk.clock.now = later(minutes=31)

    answer = desk.get("/")

    assert answer.headers["location"] == "/sign-in?ended=1"
    assert "session has ended" in desk.get("/sign-in?ended=1").text


def test_signing_out_ends_the_session_for_good(desk: Desk) -> None:
    cookies = dict(desk.client.cookies)

    answer = desk.post("/sign-out")

    assert answer.headers["location"] == "/sign-in"
    assert answer.headers["clear-site-data"] == '"cache", "storage"'
    again = TestClient(desk.app, base_url="http://127.0.0.1", cookies=cookies)
    assert again.get("/", follow_redirects=False).status_code == 303


@pytest.mark.parametrize("path", ["/", "/set-aside", "/sign-in", "/nowhere", "/register.css"])
def test_every_answer_allows_nothing_from_elsewhere_and_no_script(desk: Desk, path: str) -> None:
    answer = desk.get(path)

    policy = answer.headers["content-security-policy"]
    assert policy.startswith("default-src 'none';")
    assert "script" not in policy
    assert "unsafe" not in policy
    assert answer.headers["x-content-type-options"] == "nosniff"
    assert answer.headers["x-frame-options"] == "DENY"
    assert "<script" not in answer.text
    assert " style=" not in answer.text
    if "css" not in path:
        assert answer.headers["cache-control"] == "no-store"


def test_a_name_that_only_points_here_is_refused(stranger: Desk) -> None:
    elsewhere = TestClient(stranger.app, base_url="http://evil.example")

    assert elsewhere.get("/sign-in").status_code == 403


@pytest.mark.parametrize("site", ["cross-site", "same-site"])
def test_a_form_on_another_site_is_refused_even_for_signing_in(stranger: Desk, site: str) -> None:
    form = {"name": NAME, "password": PASSWORD}

    answer = stranger.client.post("/sign-in", data=form, headers={"Sec-Fetch-Site": site})

    assert answer.status_code == 403
    assert stranger.acts() == []


@pytest.mark.parametrize("form", [{}, {"form_token": ""}, {"form_token": "0" * 64}])
def test_a_form_without_the_token_of_the_session_changes_nothing(
    desk: Desk, form: dict[str, str]
) -> None:
    answer = desk.client.post("/sign-out", data=form)

    assert answer.status_code == 403
    assert "Nothing was changed" in answer.text
    assert desk.get("/").status_code == 200


def test_a_form_that_is_too_long_is_refused(desk: Desk) -> None:
    answer = desk.post("/language", text="x" * 100_000)

    assert answer.status_code == 413


@pytest.mark.parametrize("path", ["/nowhere", "/cases/ABC", "/cases/%3Cb%3E", "/?page=x"])
def test_what_is_not_there_has_a_page_that_says_so(desk: Desk, path: str) -> None:
    answer = desk.get(path)

    assert answer.status_code == 404
    assert "This is not here" in answer.text


def test_a_mistake_of_ours_is_one_constant_page(desk: Desk, caplog: Any) -> None:
    desk.app.state.keys = "what nobody foresaw"

    answer = desk.get("/")

    assert answer.status_code == 500
    assert "Something went wrong" in answer.text
    assert "foresaw" not in answer.text + caplog.text
    assert answer.headers["content-security-policy"]


def test_the_language_is_chosen_once_and_kept(desk: Desk) -> None:
    answer = desk.post("/language", language="ar", back="/set-aside")

    assert answer.headers["location"] == "/set-aside"
    page = desk.get("/").text
    assert '<html lang="ar" dir="rtl">' in page
    desk.post("/sign-out")
    assert "تسجيل الدخول" in desk.get("/sign-in").text
    assert '<html lang="ar" dir="rtl">' in desk.get("/nowhere").text


def test_before_anything_is_chosen_the_browser_decides(stranger: Desk) -> None:
    answer = stranger.client.get("/sign-in", headers={"Accept-Language": "ar-SY,en;q=0.5"})

    assert 'lang="ar"' in answer.text


@pytest.mark.parametrize(
    "back", ["https://evil.example", "//evil.example", "/\\evil.example", "", "/\nx"]
)
def test_the_way_back_stays_in_the_register(desk: Desk, back: str) -> None:
    assert desk.post("/language", language="en", back=back).headers["location"] == "/"


def test_the_clock_is_ours_in_these_tests(desk: Desk) -> None:
    assert desk.clock() == NOON
