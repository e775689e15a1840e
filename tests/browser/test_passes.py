"""Working for a pass in the browser: as in Python, without keeping anybody from writing."""

import json
from collections.abc import Callable, Iterator

import pytest
from playwright.sync_api import Browser, Page, expect

from portal_protocol.passes import Task, is_solved, solve
from tests.browser.portal_double import PortalDouble
from tests.browser.serving import Answer, Request, serving
from tests.browser.test_form_script import fill, send

CALM = Task("Ein Rätsel — أُحجية", 9, 16)
WORK = """([task, portion]) => {
  const work = portal.passes.beginWork(task)
  let found = null
  for (let gone = 0; !found && gone < 1e6; gone += 1) found = work.go(portion)
  return found
}"""


@pytest.mark.parametrize("portion", [1, 7, 100_000])
def test_the_browser_finds_the_numbers_that_python_finds(protocol_page: Page, portion: int) -> None:
    task = {"challenge": CALM.challenge, "bits": CALM.bits, "puzzles": CALM.puzzles}

    found = protocol_page.evaluate(WORK, [task, portion])

    assert found == solve(CALM)
    assert is_solved(CALM, found)


@pytest.mark.parametrize(
    "value",
    [
        None,
        [],
        {"challenge": "", "bits": 1, "puzzles": 1},
        {"challenge": "x", "bits": 27, "puzzles": 1},
        {"challenge": "x", "bits": 1.5, "puzzles": 1},
        {"challenge": "x", "bits": 1, "puzzles": 0},
        {"challenge": "x" * 201, "bits": 1, "puzzles": 1},
    ],
)
def test_the_browser_works_for_nothing_that_is_no_portal(
    protocol_page: Page, value: object
) -> None:
    ended = protocol_page.evaluate(
        "(value) => portal.failure(() => portal.passes.parseTask(value))", value
    )

    assert ended == "TaskInvalid"


@pytest.fixture
def opened(browser: Browser, portal: PortalDouble) -> Iterator[Page]:
    context = browser.new_context(viewport={"width": 360, "height": 740})
    context.set_default_timeout(30_000)
    with serving(portal.answer) as url:
        page = context.new_page()
        page.goto(f"{url}/en/search-request/")
        yield page
        context.close()


def test_reading_asks_for_nothing_and_the_pass_is_there_before_anybody_sends(
    opened: Page, portal: PortalDouble
) -> None:
    expect(opened.locator("[data-send]")).to_be_enabled()
    while not opened.locator("[name=person_name]").is_visible():
        opened.locator("[data-next]").click()
    before = portal.asked("GET /v1/challenge")

    with opened.expect_response("**/v1/passes"):
        opened.locator("[name=person_name]").press_sequentially("Sa")

    assert before == []
    (earned,) = portal.asked("POST /v1/passes")
    done = json.loads(earned.body)
    assert is_solved(Task(done["challenge"], 4, 2), done["numbers"])
    assert set(done) == {"challenge", "numbers"}


def test_what_is_sent_shows_the_pass(opened: Page, portal: PortalDouble) -> None:
    fill(opened)
    send(opened)
    expect(opened.locator("[data-received]")).to_be_visible()

    assert [request.shown for request in portal.asked("POST /v1/submissions")] == ["a-pass"]
    assert len(portal.asked("GET /v1/challenge")) == 1


def problem(code: str, status: int, retry_after: str = "") -> Answer:
    body = json.dumps({"type": f"/problems/{code}", "status": status})
    return Answer(body, status, "application/problem+json", retry_after)


def first(times: int, beginning: str, answer: Answer) -> Callable[[Request], Answer | bool | None]:
    """Answer so the first times, and then leave it to the portal."""
    left = [times]

    def misbehave(request: Request) -> Answer | bool | None:
        if left[0] and f"{request.method} {request.path}".startswith(beginning):
            left[0] -= 1
            return answer
        return False

    return misbehave


@pytest.mark.parametrize("where", ["POST /v1/submissions", "POST /v1/passes"])
def test_a_pass_that_is_over_is_replaced_without_a_word(
    opened: Page, portal: PortalDouble, where: str
) -> None:
    portal.misbehave = first(2, where, problem("pass_needed", 403))
    fill(opened)
    send(opened)

    expect(opened.locator("[data-received]")).to_be_visible()
    assert len(portal.submissions) == 1


def test_a_portal_that_takes_no_pass_is_tried_again_later_and_nothing_is_lost(
    opened: Page, portal: PortalDouble
) -> None:
    portal.misbehave = first(7, "POST /v1/submissions", problem("pass_needed", 403))
    fill(opened)
    send(opened)

    expect(opened.locator(".sending__waiting")).to_be_visible()
    expect(opened.locator("[data-received]")).to_be_visible()
    assert len(portal.submissions) == 1


def test_who_is_asked_to_come_later_waits_as_long_as_asked_and_is_told(
    opened: Page, portal: PortalDouble
) -> None:
    portal.misbehave = first(1, "POST /v1/submissions", problem("too_many", 429, "2"))
    fill(opened)
    send(opened)

    expect(opened.locator(".sending__waiting p").first).to_have_text(
        "Many are sending at this moment. Nothing is lost. It goes on by itself in a moment."
    )
    assert portal.submissions == {}
    expect(opened.locator("[data-received]")).to_be_visible()


def test_work_keeps_the_page_quick_while_somebody_types(opened: Page, portal: PortalDouble) -> None:
    task = json.dumps({"challenge": "hard", "bits": 13, "puzzles": 16})
    portal.misbehave = lambda request: Answer(task) if request.path == "/v1/challenge" else False
    opened.evaluate("""() => {
      globalThis.longest = 0
      let last = performance.now()
      const look = () => {
        const now = performance.now()
        globalThis.longest = Math.max(globalThis.longest, now - last)
        last = now
        setTimeout(look, 0)
      }
      look()
    }""")
    name = opened.locator("[name=person_name]")
    while not name.is_visible():
        opened.locator("[data-next]").click()
    name.press_sequentially("Samer", delay=50)
    opened.wait_for_timeout(1_000)

    assert portal.asked("POST /v1/passes") == []
    assert name.input_value() == "Samer"
    # One slice is 8 ms; a busy machine may add to it, a page that works through does not end here.
    assert opened.evaluate("globalThis.longest") < 250
