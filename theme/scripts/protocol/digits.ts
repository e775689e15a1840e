/** Digits: every phone may type them its own way, the code is the same. */

const ARABIC_INDIC = 0x0660
const EXTENDED_ARABIC_INDIC = 0x06f0

/**
 * Keep the digits of a text, as ASCII.
 *
 * @param text - What was typed, e.g. "٠١٢ 345".
 *
 * @returns The digits in the order typed, e.g. "012345"; everything else is dropped.
 */
export function asciiDigits(text: string): string {
  let digits = ""
  for (const character of text) {
    const point = character.codePointAt(0) ?? 0
    const zero = [ARABIC_INDIC, EXTENDED_ARABIC_INDIC].find(
      (start) => start <= point && point <= start + 9,
    )
    if (zero !== undefined) digits += String(point - zero)
    else if (/[0-9]/.test(character)) digits += character
  }
  return digits
}

/**
 * Write ASCII digits as Arabic-Indic ones.
 *
 * @param text - Text with ASCII digits; everything else stays.
 *
 * @returns The same text with ٠ to ٩.
 */
export function arabicDigits(text: string): string {
  return text.replace(/[0-9]/g, (digit) => String.fromCharCode(ARABIC_INDIC + Number(digit)))
}
