/** The return code: 22 random digits and 2 that catch slips (ISO 7064 MOD 97-10, as in an IBAN). */

import { arabicDigits, asciiDigits } from "./digits.js"
import { ReturnCodeCheck, ReturnCodeLength } from "./errors.js"

/** Digits a person writes down. */
export const CODE_LENGTH = 24

const RANDOM_DIGITS = 22
const NUMBERS = 10n ** 22n
const MODULUS = 97n
// The largest multiple of NUMBERS below 2^80: without this limit low codes would be likelier.
const FAIR_BELOW = 120n * NUMBERS
const GROUP = /.{4}/g

/**
 * Make a code nobody had before.
 *
 * @returns 24 ASCII digits.
 */
export function newCode(): string {
  const bytes = new Uint8Array(10)
  let number: bigint
  do {
    crypto.getRandomValues(bytes)
    number = bytes.reduce((sum, byte) => sum * 256n + BigInt(byte), 0n)
  } while (number >= FAIR_BELOW)
  return codeFromNumber(number % NUMBERS)
}

/**
 * Add the check digits to a number.
 *
 * @param number - From 0 to 10^22 - 1.
 *
 * @returns 24 ASCII digits.
 */
export function codeFromNumber(number: bigint): string {
  const check = MODULUS + 1n - ((number * 100n) % MODULUS)
  return number.toString().padStart(RANDOM_DIGITS, "0") + check.toString().padStart(2, "0")
}

/**
 * Read a code as a person typed it.
 *
 * @param text - Any digits, with spaces, dashes or anything else between them.
 *
 * @returns 24 ASCII digits.
 *
 * @throws {ReturnCodeLength} If there are not 24 digits.
 * @throws {ReturnCodeCheck} If the check digits do not fit.
 */
export function parseCode(text: string): string {
  const digits = asciiDigits(text)
  if (digits.length !== CODE_LENGTH) throw new ReturnCodeLength(`${digits.length} digits`)
  if (BigInt(digits) % MODULUS !== 1n) throw new ReturnCodeCheck("check digits do not fit")
  return digits
}

/**
 * Write a code in groups of four, as it is shown.
 *
 * @param code - 24 ASCII digits.
 * @param arabic - Whether to write Arabic-Indic digits.
 *
 * @returns Six groups with a space between.
 */
export function grouped(code: string, arabic = false): string {
  const groups = (code.match(GROUP) ?? []).join(" ")
  return arabic ? arabicDigits(groups) : groups
}
