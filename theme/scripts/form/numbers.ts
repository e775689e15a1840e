/**
 * Numbers of telephones, shown as they are dialled.
 *
 * Browsers put groups of Arabic digits in order from the right; whoever reads such a number, or
 * puts it "right" in its box, has it backwards. Words must not be turned, so only what is nothing
 * but a number is.
 */

import { make } from "../page/elements.js"

/** Digits and what stands between them, as in the number of a telephone. */
const NUMBER = /^(?=.*[\d٠-٩۰-۹])[+()/.\s\-\d٠-٩۰-۹]+$/

/** Set a text apart from what is around it; a number runs from left to right. */
export function setApart(words: string): HTMLElement {
  return NUMBER.test(words) ? make("bdo", { dir: "ltr" }, words) : make("bdi", {}, words)
}

/** Let numbers of safe ways run from left to right in their boxes from now on. */
export function followNumbers(form: HTMLFormElement): void {
  const boxes = form.querySelectorAll<HTMLInputElement>(
    ".part--value input, .part--second_value input",
  )
  const follow = () => {
    for (const box of boxes) box.classList.toggle("as-dialled", NUMBER.test(box.value))
  }
  for (const happening of ["input", "change"]) form.addEventListener(happening, follow)
  follow()
}
