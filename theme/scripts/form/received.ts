/** The page after sending: what arrived and what it is not, the return code, what comes next. */

import { codeView } from "../page/code-view.js"
import { button, make } from "../page/elements.js"
import { type Seat, seatView } from "../page/seats.js"
import { dayInWords, type Texts } from "../page/texts.js"
import { grouped } from "../protocol/return-code.js"
import { codeCheck } from "./code-check.js"
import { readCode } from "./read-code.js"
import { receiptView } from "./receipt-view.js"
import type { SignedReceipt } from "./sending.js"

/** A submission that has arrived, that waits on this phone, or that is in a file. */
export interface Finished {
  readonly code: string
  /** Day on which it arrived, or on which it was sealed. */
  readonly day: string
  /** Which of the two: the key of its sentences. */
  readonly how: "received" | "kept" | "file"
  /** What has to be done first, if anything. */
  readonly first?: HTMLElement
  /** What the person has at the meeting that the form registers for. */
  readonly seat?: Seat | null
  /** What the portal signed; what waits or is in a file has none yet. */
  readonly receipt?: SignedReceipt
}

/** What the view needs. */
export interface ReceivedView {
  readonly texts: Texts
  /** This form's own sentences: what has arrived, what it is not, what comes next. */
  readonly after: Texts
  /** Sentences about seats. */
  readonly seats: Texts
  readonly finished: Finished
  /** Called when the person has shown that the code is written down, or printed it. */
  readonly onCodeKept: () => void
}

/** Lay out the view. */
export function receivedView({
  texts,
  after,
  seats,
  finished,
  onCodeKept,
}: ReceivedView): HTMLElement {
  const { code, how, receipt, seat } = finished
  const title = how === "received" ? after.say("title") : texts.say(`${how}.title`)
  const day = dayInWords(finished.day, texts.lang)
  return make(
    "section",
    { class: "received", "data-received": how },
    make("h1", { tabindex: "-1" }, title),
    make("p", { class: "received__what" }, texts.say(`${how}.what`, { day })),
    ...(finished.first ? [finished.first] : []),
    ...(seat ? [make("div", { class: "notice", "data-seat": "" }, ...seatView(seats, seat))] : []),
    make("p", { class: "received__not" }, after.say("not")),
    codePart(texts, code, onCodeKept),
    part(texts, "next", make("ol", {}, ...items(after, "steps"))),
    part(texts, "money", make("p", {}, texts.say("received.money.rule"))),
    part(texts, "caller", make("ul", {}, ...items(texts, "received.caller.checks"))),
    make("p", { class: "received__care" }, texts.say("received.care")),
    ...(receipt ? [receiptView(texts, receipt)] : []),
  )
}

function codePart(texts: Texts, code: string, onCodeKept: () => void): HTMLElement {
  const sets = texts.lang === "ar" ? [true, false] : [false, true]
  const lines = sets.map((arabic) => make("p", { class: "received__code" }, codeView(code, arabic)))
  const print = () => {
    onCodeKept()
    window.print()
  }
  const said = make("p", { role: "status" })
  const copy = () =>
    copyText(grouped(code)).then(
      () => said.replaceChildren(texts.say("received.code.copied")),
      () => said.replaceChildren(texts.say("received.code.not_copied")),
    )
  const shown = make("div", {}, ...lines)
  const buttons = make(
    "div",
    { class: "received__buttons" },
    readCode(texts, code, lines[0] ?? shown),
    button(texts.say("received.code.print"), print, "button--quiet"),
    button(texts.say("received.code.copy"), copy, "button--quiet"),
  )
  const link = make("a", { href: `/${texts.lang}/return/` }, texts.say("received.code.return_page"))
  return make(
    "section",
    { class: "received__part received__part--code" },
    make("h2", {}, texts.say("received.code.title")),
    make("p", {}, texts.say("received.code.why")),
    shown,
    make("ul", {}, ...items(texts, "received.code.rules")),
    ...[buttons, said, codeCheck(texts, code, onCodeKept), make("p", {}, link)],
  )
}

function part(texts: Texts, name: string, content: HTMLElement): HTMLElement {
  const title = make("h2", {}, texts.say(`received.${name}.title`))
  return make("section", { class: `received__part received__part--${name}` }, title, content)
}

function items(texts: Texts, key: string): HTMLElement[] {
  return texts.list(key).map((sentence) => make("li", {}, sentence))
}

async function copyText(text: string): Promise<void> {
  await navigator.clipboard.writeText(text)
}
