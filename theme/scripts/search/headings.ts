/** The heading of a page that fits a query. portal_content/search/headings.py does the same. */

import { type Rules, shapesOf } from "./shapes.js"
import type { Entry } from "./source.js"

/**
 * Find the heading that shares most words with a query.
 *
 * @param entry - A page that was found.
 * @param query - As it was typed.
 * @param rules - Of the language.
 *
 * @returns Anchor and words; nothing if no heading shares a word that the title does not have.
 */
export function fittingHeading(
  entry: Entry,
  query: string,
  rules: Rules,
): readonly [string, string] | undefined {
  const shapes = shapesOf(rules)
  const skeletons = (text: string) =>
    new Set(shapes.telling(text).map((word) => shapes.skeleton(shapes.stem(word))))
  const title = skeletons(entry.title)
  const wanted = Array.from(skeletons(query)).filter((skeleton) => !title.has(skeleton))
  let best: readonly [string, string] | undefined
  let most = 0
  for (const heading of entry.headings) {
    const there = skeletons(heading[1])
    const shared = wanted.filter((skeleton) => there.has(skeleton)).length
    if (shared > most) {
      most = shared
      best = heading
    }
  }
  return best
}
