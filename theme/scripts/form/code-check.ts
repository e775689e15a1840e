/** A check that the code was written down: type its last group. Nobody has to. */

import { make } from "../page/elements.js"
import type { Texts } from "../page/texts.js"
import { asciiDigits } from "../protocol/digits.js"

const GROUP = 4

/**
 * Make the check.
 *
 * @param texts - Sentences.
 * @param code - The code, 24 ASCII digits.
 * @param onRight - Called when the last group was typed as it is.
 */
export function codeCheck(texts: Texts, code: string, onRight: () => void): HTMLFormElement {
  const input = make("input", {
    ...{ id: "code-check", name: "check", inputmode: "numeric", autocomplete: "off", dir: "ltr" },
    ...{ maxlength: "12", size: "6", "aria-describedby": "code-check-said" },
  })
  const said = make("p", { id: "code-check-said", role: "status", "data-code-check": "" })
  const form = make(
    "form",
    { class: "received__check", method: "dialog", autocomplete: "off" },
    make("label", { for: "code-check" }, texts.say("received.code.check")),
    input,
    make(
      "button",
      { type: "submit", class: "button button--quiet" },
      texts.say("received.code.check_now"),
    ),
    said,
  )
  form.addEventListener("submit", (event) => {
    event.preventDefault()
    const right = asciiDigits(input.value) === code.slice(-GROUP)
    said.textContent = texts.say(right ? "received.code.check_right" : "received.code.check_wrong")
    if (right) onRight()
  })
  return form
}
