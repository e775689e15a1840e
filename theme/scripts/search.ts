/** Entry of the search page. Nothing is loaded before somebody searches, and nothing is kept. */

import "./old-browsers.js"
import { make, need } from "./page/elements.js"
import { type TextTree, textsOf } from "./page/texts.js"
import { resultList } from "./search/results-view.js"
import type { Rules } from "./search/shapes.js"
import { type Source, search, siteSource } from "./search/source.js"

interface SearchData {
  readonly lang: string
  readonly folder: string
  readonly whole: string
  readonly rules: Rules
  readonly beginnings: readonly string[]
  readonly texts: TextTree
}

const MOST_RESULTS = 8

function searchPage(form: HTMLFormElement): void {
  const data = JSON.parse(need(document, "#search-data").textContent ?? "") as SearchData
  const { folder, whole, rules, beginnings } = data
  const source = siteSource(folder, whole, rules, beginnings)
  const field = need<HTMLInputElement>(form, "input[name=q]")
  const show = resultsPlace(source, textsOf(data.texts, data.lang))
  form.addEventListener("submit", (event) => {
    event.preventDefault()
    void show(field.value)
  })
  const asked = new URLSearchParams(location.search).get("q")
  if (asked) {
    // What somebody looked for must not stay in the history of a shared phone.
    history.replaceState(null, "", location.pathname)
    field.value = asked
    void show(asked)
  }
}

/** Show the results of the last search that was asked for, also if an earlier one answers later. */
function resultsPlace(source: Source, texts: ReturnType<typeof textsOf>) {
  const place = need(document, "[data-results]")
  const state = need(document, "[data-search-state]")
  let last = 0
  return async (query: string): Promise<void> => {
    last += 1
    const mine = last
    const tell = (text: string, ...results: readonly Node[]) => {
      if (mine !== last) return
      state.textContent = text
      place.replaceChildren(...results)
    }
    if (query.trim() === "") return tell(texts.say("empty"))
    tell(texts.say("searching"))
    try {
      const found = await search(source, query, MOST_RESULTS)
      if (found.length === 0) return tell(texts.say("nothing"), make("p", {}, texts.say("try")))
      tell(texts.count("count", found.length), resultList(found, query, source.rules, texts))
    } catch {
      tell(texts.say("failed"))
    }
  }
}

const form = document.querySelector<HTMLFormElement>("form[data-search]")
if (form) searchPage(form)
