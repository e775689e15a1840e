/** Sentences: everything the scripts say comes with the page, in the page's language. */

import { arabicDigits } from "../protocol/digits.js"

/** Whole numbers below this are written without anything between their digits, in any language. */
const UNGROUPED = 1000

/** A section of translations as the page carries it. */
export interface TextTree {
  readonly [key: string]: string | TextTree
}

type Values = Readonly<Record<string, string | number>>

/** Says sentences in the page's language. */
export interface Texts {
  readonly lang: string
  /** The sentence of a key such as "sending.waiting". */
  say(key: string, values?: Values): string
  /** The sentence of a key for a number: the key holds one sentence for each plural form. */
  count(key: string, count: number, values?: Values): string
  /** All sentences below a key, in the order written. */
  list(key: string): string[]
}

const FIRST_STRONG_ISOLATE = "\u2068"
const POP_ISOLATE = "\u2069"

/**
 * Put values into a sentence.
 *
 * @param sentence - With placeholders such as %{max}.
 * @param values - By placeholder. Texts are isolated, so that a Latin file name does not turn an
 * Arabic sentence round.
 */
export function fill(sentence: string, values: Values): string {
  return sentence.replace(/%\{(\w+)\}/g, (_, name: string) => {
    const value = values[name] ?? ""
    return typeof value === "number" ? String(value) : FIRST_STRONG_ISOLATE + value + POP_ISOLATE
  })
}

/**
 * Speak a language.
 *
 * @param tree - The page's sentences.
 * @param lang - The page's language.
 */
export function textsOf(tree: TextTree, lang: string): Texts {
  const find = (key: string): string | TextTree | undefined =>
    key
      .split(".")
      .reduce<string | TextTree | undefined>(
        (branch, part) => (typeof branch === "object" ? branch[part] : undefined),
        tree,
      )
  const say = (key: string, values: Values = {}): string => {
    const found = find(key)
    return typeof found === "string" ? fill(found, numbersInWords(values, lang)) : key
  }
  return {
    lang,
    say,
    count(key, count, values = {}) {
      const form = `${key}.${new Intl.PluralRules(lang).select(count)}`
      return say(find(form) ? form : `${key}.other`, { count, ...values })
    },
    list(key) {
      const branch = find(key)
      return typeof branch === "object"
        ? Object.keys(branch).map((part) => say(`${key}.${part}`))
        : []
    },
  }
}

/**
 * Write a day in the page's language.
 *
 * @param day - E.g. "2026-11-20".
 * @param lang - The page's language; Arabic gets the Levantine month names and its own digits.
 */
export function dayInWords(day: string, lang: string): string {
  const locale = localeOf(lang)
  if (Intl.DateTimeFormat.supportedLocalesOf(locale).length === 0) return day
  const format = { dateStyle: "long", timeZone: "UTC" } as Intl.DateTimeFormatOptions
  return new Intl.DateTimeFormat(locale, format).format(new Date(`${day}T00:00:00Z`))
}

/**
 * Write a share in the page's language.
 *
 * @param share - From 0 to 1; it is rounded down, so that only all of it is 100 %.
 * @param lang - The page's language.
 */
export function percentInWords(share: number, lang: string): string {
  const whole = Math.floor(share * 100) / 100
  return new Intl.NumberFormat(localeOf(lang), { style: "percent" }).format(whole)
}

function numbersInWords(values: Values, lang: string): Values {
  const words: Record<string, string | number> = {}
  for (const name in values) {
    const value = values[name] ?? ""
    words[name] = typeof value === "number" ? numberInWords(value, lang) : value
  }
  return words
}

/** A phone's first formatter of Arabic numbers takes it longer than all the rest of a page. */
function numberInWords(value: number, lang: string): string {
  if (!(Number.isInteger(value) && 0 <= value && value < UNGROUPED)) {
    return new Intl.NumberFormat(localeOf(lang)).format(value)
  }
  return lang === "ar" ? arabicDigits(String(value)) : String(value)
}

/** The locale of a language: Arabic with the Levantine month names and its own digits. */
export function localeOf(lang: string): string {
  return lang === "ar" ? "ar-SY-u-nu-arab" : lang
}
