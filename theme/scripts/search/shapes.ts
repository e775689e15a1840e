/** Shapes of a word: folded, stem, skeleton. portal_content/search/shapes.py does exactly the same. */

/** The rules of a language; what each means stands in portal_content/search/rules.yml. */
export interface Rules {
  readonly letters: Readonly<Record<string, string>>
  readonly prefixes: readonly string[]
  readonly articles: readonly string[]
  readonly loose: readonly string[]
  readonly suffixes: readonly string[]
  readonly rounds: number
  readonly shortest: number
  readonly drop: string
  readonly first: string
  readonly same: Readonly<Record<string, string>>
  readonly slips: Readonly<Record<string, string>>
  readonly heard: Readonly<Record<string, string>>
  readonly spellings: Readonly<Record<string, string>>
  readonly stop: readonly string[]
}

/** The shapes of the words of one language. */
export interface Shapes {
  /** The folded words of a text that say what is meant; all of them if none does. */
  telling(text: string): string[]
  /** Whether a folded word is one that everybody uses, whatever they look for. */
  saysNothing(word: string): boolean
  /** A folded word without what is attached to it. */
  stem(word: string): string
  /** The letters by which a stem is found even if it is written differently. */
  skeleton(stem: string): string
  /** The skeletons that may be meant if one letter near the beginning is a slip. */
  slips(skeleton: string): string[]
  /**
   * The word, then what may be left of it without letters that may be attached. A word in other
   * letters is followed by what it sounds like in those of the language.
   */
  forms(word: string): string[]
}

const SHORTEST_SKELETON = 2
const MOST_LOOSE = 2
/** Letters at the beginning of a skeleton that may be slips: pieces are told apart by them. */
const MOST_SLIPS = 3
/** Letters of the shortest word that an article may stand before. */
const SHORT_WORD = 2
const MARKS = /[\p{M}\p{Cf}]/gu
const WORDS = /[\p{L}\p{N}]+/gu
const LATIN = /^[a-z0-9]*[a-z][a-z0-9]*$/
const ARABIC_ZERO = 0x660
const PERSIAN_ZERO = 0x6f0

/**
 * Write a text in small letters, without marks, with one letter for each sound written twice.
 *
 * @param text - As it was written.
 * @param letters - What single letters are replaced by.
 */
export function fold(text: string, letters: Rules["letters"]): string {
  const plain = text.toLowerCase().normalize("NFKD").replace(MARKS, "")
  return Array.from(plain, (letter) => letters[letter] ?? digit(letter)).join("")
}

/** Return the shapes of a language. */
export function shapesOf(rules: Rules): Shapes {
  const spelled = (word: string) =>
    Object.entries(rules.spellings).reduce((left, [from, to]) => left.split(from).join(to), word)
  const stop = new Set(rules.stop.map(spelled))
  const saysNothing = (word: string) => stop.has(word) || stop.has(heardIn(word, rules))
  return {
    telling(text) {
      const words = (fold(text, rules.letters).match(WORDS) ?? []).map(spelled)
      const telling = words.filter((word) => !saysNothing(word))
      return telling.length > 0 ? telling : words
    },
    saysNothing,
    stem: (word) => stemOf(word, rules),
    skeleton: (stem) => skeletonOf(stem, rules),
    slips: (skeleton) => slipsOf(skeleton, rules),
    forms: (word) => formsOf(word, rules),
  }
}

function stemOf(word: string, rules: Rules): string {
  const { prefixes, articles, suffixes, shortest } = rules
  const fits = (part: string, left: string) => left.length - part.length >= shortest
  const prefix = prefixes.find((part) => {
    const stays = articles.includes(part) ? SHORT_WORD : shortest
    return word.startsWith(part) && word.length - part.length >= stays
  })
  let left = word.slice(prefix?.length ?? 0)
  for (let round = 0; round < rules.rounds; round += 1) {
    const suffix = suffixes.find((part) => left.endsWith(part) && fits(part, left)) ?? ""
    left = left.slice(0, left.length - suffix.length)
  }
  return left
}

function skeletonOf(stem: string, rules: Rules): string {
  let kept = ""
  for (const written of stem) {
    const letter = rules.same[written] ?? written
    const dropped = kept ? rules.drop : rules.first
    if (!dropped.includes(letter) && !kept.endsWith(letter)) kept += letter
  }
  return kept.length >= SHORTEST_SKELETON ? kept : stem
}

function formsOf(word: string, rules: Rules): string[] {
  const heard = heardIn(word, rules)
  return [...loosened(word, rules), ...(heard === word ? [] : loosened(heard, rules))]
}

function heardIn(word: string, rules: Rules): string {
  if (!LATIN.test(word)) return word
  return Object.entries(rules.heard).reduce((left, [from, to]) => left.split(from).join(to), word)
}

function loosened(word: string, rules: Rules): string[] {
  const forms = [word]
  let left = word
  while (forms.length <= MOST_LOOSE) {
    const part = rules.loose.find((letter) => left.startsWith(letter))
    if (part === undefined || left.length - part.length < rules.shortest) break
    left = left.slice(part.length)
    forms.push(left)
  }
  return forms
}

function slipsOf(skeleton: string, rules: Rules): string[] {
  const meant: string[] = []
  for (const [place, letter] of Array.from(skeleton.slice(0, MOST_SLIPS)).entries()) {
    const [before, after] = [skeleton.slice(0, place), skeleton.slice(place + 1)]
    for (const other of rules.slips[letter] ?? "") meant.push(before + other + after)
    meant.push(before + after, before + after.slice(0, 1) + letter + after.slice(1))
  }
  const wanted = meant.filter((one) => one !== skeleton && one.length >= SHORTEST_SKELETON)
  return Array.from(new Set(wanted))
}

function digit(letter: string): string {
  const code = letter.codePointAt(0) ?? 0
  for (const zero of [ARABIC_ZERO, PERSIAN_ZERO]) {
    if (code >= zero && code < zero + 10) return String(code - zero)
  }
  return letter
}
