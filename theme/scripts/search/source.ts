/** Where the index comes from: small files of the site, or one that holds it whole. */

import { ask } from "../page/requests.js"
import { type Load, rank } from "./ranking.js"
import { type Rules, shapesOf } from "./shapes.js"

/** Words that begin alike, each with its places: step, weight, step, weight, … */
export type Piece = Readonly<Record<string, readonly number[]>>

/** What a result shows. */
export interface Entry {
  /** E.g. "P10". */
  readonly id: string
  /** Path below the language, e.g. "protect-yourself". */
  readonly page: string
  readonly address: string
  readonly title: string
  readonly summary: string
  /** Anchor and words of each. */
  readonly headings: readonly (readonly [string, string])[]
}

/** Gives the parts of an index. */
export interface Source {
  readonly rules: Rules
  /** Beginnings of skeletons under which there is a piece. */
  readonly beginnings: readonly string[]
  piece(beginning: string): Promise<Piece>
  entry(number: number): Promise<Entry>
}

/** The index of a language in one file, for when there is no network. */
export interface Whole {
  readonly pieces: Readonly<Record<string, Piece>>
  readonly entries: readonly Entry[]
}

const LONGEST_BEGINNING = 5

/**
 * Search.
 *
 * @param source - The index.
 * @param query - As it was typed.
 * @param most - Results that are wanted.
 */
export async function search(source: Source, query: string, most: number): Promise<Entry[]> {
  const shapes = shapesOf(source.rules)
  const ranked = await rank(query, shapes, pieceLoader(source))
  return Promise.all(ranked.slice(0, most).map(({ number }) => source.entry(number)))
}

/** Load each piece once in a search. */
export function pieceLoader(source: Source): Load {
  const known = new Set(source.beginnings)
  const loaded = new Map<string, Promise<Piece>>()
  return (skeleton) => {
    for (let length = Math.min(LONGEST_BEGINNING, skeleton.length); length > 0; length -= 1) {
      const beginning = skeleton.slice(0, length)
      if (!known.has(beginning)) continue
      const piece = loaded.get(beginning) ?? source.piece(beginning)
      loaded.set(beginning, piece)
      return piece
    }
    return Promise.resolve({})
  }
}

/**
 * Read an index from the site, piece by piece; without network from the whole, if it was kept.
 *
 * @param folder - Address of the pieces without a slash at the end; it changes with the index.
 * @param whole - Address of the whole index.
 * @param rules - Of the language.
 * @param beginnings - Of the pieces that there are.
 */
export function siteSource(
  folder: string,
  whole: string,
  rules: Rules,
  beginnings: readonly string[],
): Source {
  const read = async <Found>(path: string, find: (index: Whole) => Found): Promise<Found> => {
    try {
      return JSON.parse(await ask(`${folder}/${path}.json`, {})) as Found
    } catch {
      return find(JSON.parse(await ask(whole, {})) as Whole)
    }
  }
  return {
    rules,
    beginnings,
    piece: (beginning) => read(`p/${hexOf(beginning)}`, ({ pieces }) => pieces[beginning] ?? {}),
    entry: (number) => read(`e/${number}`, ({ entries }) => entries[number] as Entry),
  }
}

/** Letters of other scripts make long addresses: their numbers are shorter. */
function hexOf(beginning: string): string {
  return Array.from(beginning, (letter) => (letter.codePointAt(0) ?? 0).toString(16)).join("-")
}
