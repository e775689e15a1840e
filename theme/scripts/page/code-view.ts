/** A return code to read, in both sets of digits. */

import { grouped } from "../protocol/return-code.js"
import { make } from "./elements.js"

/**
 * Lay out a code in six groups of four.
 *
 * Always from left to right, as digits are read, also in an Arabic page.
 *
 * @param code - 24 ASCII digits.
 * @param arabic - Whether to show Arabic-Indic digits.
 */
export function codeView(code: string, arabic: boolean): HTMLElement {
  const groups = grouped(code, arabic)
    .split(" ")
    // Each group alone: between Arabic digits a space turns the order of the groups round.
    .flatMap((group) => [make("bdi", { class: "code__group", dir: "ltr" }, group), " "])
  return make("bdi", { class: "code", dir: "ltr" }, ...groups.slice(0, -1))
}
