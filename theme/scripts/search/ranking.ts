/** Finding: what fits the words of a query best. portal_content/search/ranking.py does the same. */

import type { Shapes } from "./shapes.js"
import type { Piece } from "./source.js"
import { wrongLetters } from "./wrong-letters.js"

const SAME = 100
const SAME_SKELETON = 60
const BEGINS = 70
const ONE_WRONG = 50
const TWO_WRONG = 35
const GOOD_ENOUGH = SAME_SKELETON
const SHORT_SKELETON = 2
const SHORT_WORD = 5
const SHORTEST_BEGINNING = 3
const LONG = 4
const VERY_LONG = 8
const MOST_WORDS = 6
const SHORTEST_PART = 3
const ALL = 100

/** Gives the words among which a skeleton is found; empty if there are none. */
export type Load = (skeleton: string) => Promise<Piece>

/** An entry that answers a query. */
export interface Ranked {
  readonly number: number
  readonly score: number
}

type Places = Map<number, number>

/** The stem of a word, and how well each entry answers it. */
interface Known {
  readonly stem: string
  readonly places: Places
}

/** How far a word of the index answers one of the query, and where it stands. */
interface Graded {
  readonly grade: number
  readonly flat: readonly number[]
}

/**
 * Rank what answers a query, the best first.
 *
 * @param query - As it was typed.
 * @param shapes - Of the language.
 * @param load - Gives the words among which a skeleton is found.
 */
export async function rank(query: string, shapes: Shapes, load: Load): Promise<Ranked[]> {
  const words = mostTelling(shapes.telling(query))
  const known = (await Promise.all(words.map((word) => lookUp(word, shapes, load)))).flat()
  const phrases = await phrasesOf(
    known.map(({ stem }) => stem),
    shapes,
    load,
  )
  const found = [...known.map(({ places }) => places).filter((some) => some.size > 0), ...phrases]
  const numbers = new Set(found.flatMap((some) => Array.from(some.keys())))
  const ranked = Array.from(numbers, (number) => {
    const there = found.flatMap((some) => some.get(number) ?? [])
    const sum = there.reduce((before, weight) => before + weight, 0)
    const share = Math.floor((ALL * there.length) / found.length)
    return { number, score: Math.floor((sum * share) / ALL) }
  })
  return ranked.sort((one, other) => other.score - one.score || one.number - other.number)
}

/** Pick the longest words of a long question, as they follow one another. */
function mostTelling(words: readonly string[]): string[] {
  const lengthAt = (place: number) => words[place]?.length ?? 0
  const longest = Array.from(words.keys())
    .sort((one, other) => lengthAt(other) - lengthAt(one) || one - other)
    .slice(0, MOST_WORDS)
  return words.filter((_, place) => longest.includes(place))
}

/** Find the phrases of the list of synonyms among the stems of a query. */
async function phrasesOf(stems: readonly string[], shapes: Shapes, load: Load): Promise<Places[]> {
  const found: Places[] = []
  for (const [place, first] of stems.entries()) {
    const second = stems[place + 1]
    if (second === undefined) break
    const phrase = (await load(shapes.skeleton(first)))[`${first} ${second}`]
    if (phrase) found.push(unpack(phrase))
  }
  return found
}

/** Look up a word: as it stands, without what may be attached, or in its parts. */
async function lookUp(word: string, shapes: Shapes, load: Load): Promise<Known[]> {
  const stem = shapes.stem(word)
  let resembling: Graded[] = []
  for (const form of shapes.forms(word)) {
    const graded = await gradedOf(form, shapes, load)
    const highest = highestOf(graded)
    if (highest >= GOOD_ENOUGH) {
      // The word itself is known, so what only resembles it is another word.
      const wanted = highest === SAME ? GOOD_ENOUGH : 0
      return [{ stem, places: placesOf(graded.filter(({ grade }) => grade >= wanted)) }]
    }
    if (highest > highestOf(resembling)) resembling = graded
  }
  const parts = highestOf(resembling) >= ONE_WRONG ? [] : await apart(word, shapes, load)
  if (parts.length === 0) return [{ stem, places: placesOf(resembling) }]
  return (await Promise.all(parts.map((part) => lookUp(part, shapes, load)))).flat()
}

/** Take words typed without spaces apart: the telling ones, or none if one of them is unknown. */
async function apart(word: string, shapes: Shapes, load: Load): Promise<string[]> {
  const parts: string[] = []
  let left = word
  while (left !== "") {
    let end = left.length
    for (; end >= SHORTEST_PART; end -= 1) {
      const part = left.slice(0, end)
      if (shapes.saysNothing(part)) break
      const stem = shapes.stem(part)
      if (!Object.keys(await load(shapes.skeleton(stem))).includes(stem)) continue
      parts.push(part)
      break
    }
    if (end < SHORTEST_PART) return []
    left = left.slice(end)
  }
  return parts
}

async function gradedOf(form: string, shapes: Shapes, load: Load): Promise<Graded[]> {
  const stem = shapes.stem(form)
  const skeleton = shapes.skeleton(stem)
  return Object.entries(await load(skeleton))
    .map(([term, flat]) => ({ grade: gradeOf(term, stem, skeleton, shapes), flat }))
    .filter(({ grade }) => grade > 0)
}

function highestOf(graded: readonly Graded[]): number {
  return Math.max(0, ...graded.map(({ grade }) => grade))
}

function placesOf(graded: readonly Graded[]): Places {
  const best: Places = new Map()
  for (const { grade, flat } of graded) {
    for (const [number, weight] of unpack(flat)) {
      best.set(number, Math.max(best.get(number) ?? 0, Math.floor((weight * grade) / ALL)))
    }
  }
  return best
}

/** Tell how far a word of the index answers one of the query; 0 if it does not. */
function gradeOf(term: string, stem: string, skeleton: string, shapes: Shapes): number {
  if (term.includes(" ")) return 0
  if (term === stem) return SAME
  const [shorter, longer] = term.length <= stem.length ? [term, stem] : [stem, term]
  const telling = skeleton.length > SHORT_SKELETON || longer.length <= SHORT_WORD
  let grade = telling && shapes.skeleton(term) === skeleton ? SAME_SKELETON : 0
  if (shorter.length >= SHORTEST_BEGINNING && longer.startsWith(shorter)) {
    grade = Math.max(grade, Math.floor((BEGINS * shorter.length) / longer.length))
  }
  if (stem.length >= LONG && grade < ONE_WRONG) {
    const allowed = stem.length >= VERY_LONG ? 2 : 1
    const wrong = wrongLetters(term, stem, allowed)
    if (wrong <= allowed) grade = Math.max(grade, wrong === 1 ? ONE_WRONG : TWO_WRONG)
  }
  return grade
}

/** Read postings: a step to the number of the next entry, then its weight, and so on. */
function unpack(flat: readonly number[]): Places {
  const places: Places = new Map()
  let number = 0
  for (let at = 0; at + 1 < flat.length; at += 2) {
    number += flat[at] ?? 0
    places.set(number, flat[at + 1] ?? 0)
  }
  return places
}
