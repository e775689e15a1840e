/** Sizes and lengths of time in the page's language. */

import { localeOf } from "../page/texts.js"

const KILOBYTE = 2 ** 10
const MEGABYTE = 2 ** 20
const MINUTE = 60

/**
 * Write a size.
 *
 * @param bytes - The size; it is rounded up, so that what is too much is never nothing.
 * @param lang - The page's language.
 */
export function sizeInWords(bytes: number, lang: string): string {
  const large = bytes >= MEGABYTE
  const number = large
    ? Math.ceil((bytes * 10) / MEGABYTE) / 10
    : Math.max(1, Math.ceil(bytes / KILOBYTE))
  // Arabic has short names for both, which few people know.
  const unitDisplay = lang === "ar" ? "long" : "short"
  const options = { style: "unit", unit: large ? "megabyte" : "kilobyte", unitDisplay }
  return new Intl.NumberFormat(localeOf(lang), options as Intl.NumberFormatOptions).format(number)
}

/**
 * Write a length of time as minutes and seconds, as on a clock.
 *
 * @param seconds - The length.
 * @param lang - The page's language.
 */
export function clockTime(seconds: number, lang: string): string {
  const write = (number: number, digits: number) =>
    new Intl.NumberFormat(localeOf(lang), { minimumIntegerDigits: digits }).format(number)
  const whole = Math.max(0, Math.round(seconds))
  return `${write(Math.floor(whole / MINUTE), 1)}:${write(whole % MINUTE, 2)}`
}
