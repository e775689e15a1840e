"""Judging pages with axe-core: each page in each width and each colour scheme."""

import asyncio
from collections.abc import Sequence
from pathlib import Path
from typing import Literal

from playwright.async_api import Page, async_playwright

from tests.browsers import chromium_options

AXE = Path(__file__).parent / "node_modules" / "axe-core" / "axe.min.js"
WIDTHS = (360, 1280)
SCHEMES: tuple[Literal["light", "dark"], ...] = ("light", "dark")
SIDE_BY_SIDE = 2
RUN = """async () => {
  const languages = document.querySelector("details.languages")
  for (const folded of document.querySelectorAll("details")) folded.open = folded !== languages
  const options = {
    resultTypes: ["violations"], preload: false,
    rules: {"target-size": {enabled: true}},  // WCAG 2.2; axe leaves it off by itself.
  }
  const whole = await axe.run(document, options)
  languages.open = true  // It lies over the page while it is open: judged by itself.
  const list = await axe.run(languages, options)
  return [...whole.violations, ...list.violations].map(({id, nodes}) =>
    `${id}: ${nodes.slice(0, 3).map(({target}) => target.join(" ")).join(" | ")}`)
}"""


SMALLEST = 320
"""Pixels that are left of 1,280 at 400 per cent."""


async def judge(page: Page, url: str) -> list[str]:
    """Return what axe finds on a page in each width and colour scheme, and whether it fits."""
    await page.goto(url)
    await page.evaluate(AXE.read_text(encoding="utf-8"))
    await page.set_viewport_size({"width": SMALLEST, "height": 256})
    wide = await page.evaluate("document.documentElement.scrollWidth")
    found = [f"{url} is {wide} wide at 400 %"] if wide > SMALLEST else []
    for width in WIDTHS:
        await page.set_viewport_size({"width": width, "height": 800})
        for scheme in SCHEMES:
            await page.emulate_media(color_scheme=scheme)
            violations = await page.evaluate(RUN)
            found += [f"{url} {width} {scheme} {violation}" for violation in violations]
    return found


async def judge_all(base: str, pages: Sequence[str]) -> list[str]:
    """Return everything that axe finds, with page, width, scheme, rule and element."""
    waiting, found = list(pages), []
    async with async_playwright() as driver:
        browser = await driver.chromium.launch(**chromium_options())

        async def work() -> None:
            context = await browser.new_context(bypass_csp=True, reduced_motion="reduce")
            page = await context.new_page()
            while waiting:
                found.extend(await judge(page, base + waiting.pop()))
            await context.close()

        await asyncio.gather(*(work() for _ in range(SIDE_BY_SIDE)))
        await browser.close()
    return found
