/** The receipt after sending: its number, and the whole of it for those who want to keep it. */

import { button, make } from "../page/elements.js"
import type { Texts } from "../page/texts.js"
import type { SignedReceipt } from "./sending.js"

const SHORT = 8
const WHILE_SAVING_MS = 60_000
/** Says nothing of what it is to somebody who looks through the phone. */
const FILE_NAME = "note.txt"

/**
 * Lay out a receipt. It is saved only if somebody wants so, after reading what a saved one proves.
 *
 * @param texts - Sentences.
 * @param receipt - The checked receipt.
 */
export function receiptView(texts: Texts, receipt: SignedReceipt): HTMLElement {
  const number = make("bdi", { dir: "ltr" }, receipt.submission.slice(0, SHORT))
  return make(
    "details",
    { class: "received__receipt" },
    make("summary", {}, texts.say("received.receipt.title")),
    make("p", {}, texts.say("received.receipt.number"), " ", number),
    make("p", {}, texts.say("received.receipt.text")),
    make("p", { class: "received__care" }, texts.say("received.receipt.warning")),
    button(texts.say("received.receipt.save"), () => save(receipt.note), "button--quiet"),
  )
}

function save(note: string): void {
  const url = URL.createObjectURL(new Blob([note], { type: "text/plain" }))
  make("a", { href: url, download: FILE_NAME }).click()
  setTimeout(() => URL.revokeObjectURL(url), WHILE_SAVING_MS)
}
