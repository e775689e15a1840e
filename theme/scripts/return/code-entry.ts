/** Typing a return code: any digits, any spaces, and a kind word about slips. */

import { make } from "../page/elements.js"
import type { Texts } from "../page/texts.js"

/** The form for the code. */
export interface CodeEntry {
  readonly form: HTMLFormElement
  /** Say what to do about the code, or about the network. */
  complain(sentence: string): void
  /** Whether the code is being tried. */
  busy(busy: boolean): void
}

/**
 * Make the form.
 *
 * @param texts - Sentences.
 * @param open - Called with what was typed.
 */
export function codeEntry(texts: Texts, open: (typed: string) => Promise<void>): CodeEntry {
  const input = make("input", {
    ...{ id: "code", name: "code", type: "text", inputmode: "numeric", dir: "ltr" },
    ...{ autocomplete: "off", spellcheck: "false", maxlength: "80" },
    "aria-describedby": "code-hint code-error",
  })
  const error = make("p", { class: "field__error", id: "code-error", "data-error-for": "code" })
  const send = make("button", { type: "submit", class: "button", "data-send": "" })
  const state = make("p", { class: "form__state", role: "status", "data-form-state": "" })
  const form = make(
    "form",
    { class: "form form--return", method: "dialog", autocomplete: "off", novalidate: "" },
    make(
      "div",
      { class: "field", "data-question": "code" },
      make("label", { class: "field__label", for: "code" }, texts.say("return.code.label")),
      make("p", { class: "field__hint", id: "code-hint" }, texts.say("return.code.hint")),
      ...[error, input],
    ),
    make("div", { class: "form__send" }, state, send),
  )
  const complain = (sentence: string) => {
    error.textContent = sentence
    error.hidden = sentence === ""
    if (sentence === "") input.removeAttribute("aria-invalid")
    else input.setAttribute("aria-invalid", "true")
    if (sentence !== "") input.focus()
  }
  form.addEventListener("submit", (event) => {
    event.preventDefault()
    complain("")
    if (!send.disabled) void open(input.value)
  })
  send.textContent = texts.say("return.code.open")
  complain("")
  return {
    ...{ form, complain },
    busy(busy) {
      send.disabled = busy
      state.textContent = busy ? texts.say("return.code.opening") : ""
    },
  }
}
