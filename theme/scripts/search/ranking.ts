/** Finding: what fits the words of a query best. portal_content/search/ranking.py does the same. */

import type { Shapes } from "./shapes.js"
import type { Piece } from "./source.js"
import { wrongLetters } from "./wrong-letters.js"

const SAME = 100
const SAME_SKELETON = 60
const BEGINS = 70
const ONE_WRONG = 50
const TWO_WRONG = 35
const HINT = 10
const GOOD_ENOUGH = SAME_SKELETON
const SHORT_SKELETON = 2
const SHORT_WORD = 5
const SHORTEST_BEGINNING = 3
const LONG = 4
const VERY_LONG = 8
const MOST_WORDS = 6
const LONGEST_JOINED = 20
const LONGEST_SLIPPED = 9
const MOST_WRONG_TURNS = 2
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
  let answer: readonly Graded[] | undefined
  for (const form of shapes.forms(word)) {
    const graded = await gradedOf(form, shapes, load)
    const highest = highestOf(graded)
    const short = shapes.skeleton(shapes.stem(form)).length <= SHORT_SKELETON
    // What is left of a word may be short by chance.
    const byChance = short && form !== word
    if (highest === SAME && !byChance) {
      answer = meant(graded, true, short)
      break
    }
    if (!answer && (highest === SAME || (highest >= GOOD_ENOUGH && !byChance))) {
      answer = meant(graded, highest === SAME, short)
    }
    if (highest > highestOf(resembling)) resembling = graded
    if (!answer && shapes.saysNothing(form)) return [{ stem, places: new Map() }]
  }
  if (answer) return [{ stem, places: placesOf(answer) }]
  const parts = highestOf(resembling) >= ONE_WRONG ? [] : await apart(word, shapes, load)
  if (parts.length > 0) {
    return (await Promise.all(parts.map((part) => lookUp(part, shapes, load)))).flat()
  }
  const slips = await slipped(stem, shapes, load)
  return [{ stem, places: placesOf([...resembling, ...slips]) }]
}

/** Leave out what only resembles a word that is known: it is another word. */
function meant(graded: readonly Graded[], known: boolean, short: boolean): readonly Graded[] {
  if (!known) return graded
  const kept = graded.filter(({ grade }) => grade >= GOOD_ENOUGH)
  if (!short) return kept
  return kept.map((one) => (one.grade === SAME_SKELETON ? { ...one, grade: HINT } : one))
}

/** Find what a word may be if one of its first consonants is wrong. */
async function slipped(stem: string, shapes: Shapes, load: Load): Promise<Graded[]> {
  if (stem.length < LONG || stem.length > LONGEST_SLIPPED) return []
  const pieces = await Promise.all(shapes.slips(shapes.skeleton(stem)).map(load))
  return Array.from(new Set(pieces)).flatMap((piece) =>
    Object.entries(piece)
      .filter(([term]) => wrongLetters(term, stem, 1) === 1)
      .map(([, flat]) => ({ grade: ONE_WRONG, flat })),
  )
}

/** Take words typed without spaces apart: the telling ones, or none if one of them is unknown. */
async function apart(word: string, shapes: Shapes, load: Load): Promise<string[]> {
  if (word.length > LONGEST_JOINED) return []
  const hopeless = new Set<number>()
  const fromPlace = async (start: number): Promise<string[] | undefined> => {
    if (start === word.length) return []
    for (let end = word.length; end >= start + SHORTEST_PART; end -= 1) {
      if (hopeless.size > MOST_WRONG_TURNS) return undefined
      if (hopeless.has(end)) continue
      const part = word.slice(start, end)
      const silent = shapes.saysNothing(part)
      if (!silent && !(await isKnown(shapes.stem(part), shapes, load))) continue
      const after = await fromPlace(end)
      if (after) return silent ? after : [part, ...after]
    }
    hopeless.add(start)
    return undefined
  }
  return (await fromPlace(0)) ?? []
}

async function isKnown(stem: string, shapes: Shapes, load: Load): Promise<boolean> {
  return Object.keys(await load(shapes.skeleton(stem))).includes(stem)
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
