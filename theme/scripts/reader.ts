/** Entry of the pages in one file: one page at a time, and the search of the site. No network. */

import "./old-browsers.js"
import { leaveQuickly } from "./carry/leaving.js"
import { make, need } from "./page/elements.js"
import { type TextTree, textsOf } from "./page/texts.js"
import { resultList } from "./search/results-view.js"
import type { Rules } from "./search/shapes.js"
import { type Entry, type Source, search, type Whole } from "./search/source.js"

interface ReaderData {
  readonly lang: string
  readonly rules: Rules
  readonly index: Whole
  readonly texts: TextTree
  /** Address of the site without a slash at the end. */
  readonly site: string
}

const MOST_RESULTS = 8
const CONTENTS = "contents"

/** Show the page that the address names, else the contents; without script all stand in a row. */
function onePageAtATime(): void {
  const pages = Array.from(document.querySelectorAll<HTMLElement>("[data-page]"))
  const start = need<HTMLElement>(document, "[data-start]")
  const show = () => {
    const name = decodeURIComponent(location.hash.slice(1))
    const target = document.getElementById(name)
    const current = target?.closest<HTMLElement>("[data-page]")
    for (const page of pages) page.hidden = page !== current
    start.hidden = current !== undefined && current !== null
    if (current) target?.scrollIntoView()
    else if (name === CONTENTS) scrollTo(0, 0)
  }
  addEventListener("hashchange", show)
  show()
}

function searchHere(form: HTMLFormElement): void {
  const data = JSON.parse(need(document, "#reader-data").textContent ?? "") as ReaderData
  const texts = textsOf(data.texts, data.lang)
  const field = need<HTMLInputElement>(form, "input[name=q]")
  const place = need(document, "[data-results]")
  const state = need(document, "[data-search-state]")
  form.hidden = false
  form.addEventListener("submit", async (event) => {
    event.preventDefault()
    const query = field.value
    place.replaceChildren()
    if (query.trim() === "") {
      state.textContent = texts.say("empty")
      return
    }
    const found = await search(sourceOf(data), query, MOST_RESULTS)
    state.textContent = found.length > 0 ? texts.count("count", found.length) : texts.say("nothing")
    const address = (entry: Entry, anchor = "") => addressOf(entry, anchor, data.site)
    place.append(
      found.length > 0
        ? resultList(found, query, data.rules, texts, address)
        : make("p", {}, texts.say("try")),
    )
  })
}

function sourceOf({ rules, index }: ReaderData): Source {
  return {
    rules,
    beginnings: Object.keys(index.pieces),
    piece: async (beginning) => index.pieces[beginning] ?? {},
    entry: async (number) => index.entries[number] as Entry,
  }
}

/** In this file if the page is in it, else on the website. */
function addressOf({ page, address }: Entry, anchor: string, site: string): string {
  const name = page === "" ? "index" : page.replace(/\//g, "-")
  if (!document.getElementById(name)) return `${site}${address}${anchor ? `#${anchor}` : ""}`
  return anchor ? `#${name}.${anchor}` : `#${name}`
}

leaveQuickly()
onePageAtATime()
const form = document.querySelector<HTMLFormElement>("form[data-search]")
if (form) searchHere(form)
