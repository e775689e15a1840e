/** Showing what was found: the same list that the server writes for those without script. */

import { make } from "../page/elements.js"
import type { Texts } from "../page/texts.js"
import { fittingHeading } from "./headings.js"
import type { Rules } from "./shapes.js"
import type { Entry } from "./source.js"

/**
 * Make the list of results.
 *
 * @param entries - What was found, the best first.
 * @param query - As it was typed.
 * @param rules - Of the language.
 * @param texts - Sentences of the page.
 * @param addressOf - Where a page is, or the place under one of its headings.
 */
export function resultList(
  entries: readonly Entry[],
  query: string,
  rules: Rules,
  texts: Texts,
  addressOf = addressOnSite,
): HTMLElement {
  const items = entries.map((entry) => {
    const link = make("a", { href: addressOf(entry) }, entry.title)
    const item = make("li", {}, make("h2", {}, link), make("p", {}, entry.summary))
    const heading = fittingHeading(entry, query, rules)
    if (heading) {
      const [anchor, words] = heading
      const inside = make("a", { href: addressOf(entry, anchor) }, words)
      item.append(make("p", { class: "small" }, `${texts.say("inside")} `, inside))
    }
    return item
  })
  return make("ol", { class: "results" }, ...items)
}

function addressOnSite({ address }: Entry, anchor = ""): string {
  return anchor ? `${address}#${anchor}` : address
}
