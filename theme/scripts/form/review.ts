/** The screen before sending: every answer in its words, each with a way to change it. */

import { button, make } from "../page/elements.js"
import type { Texts } from "../page/texts.js"
import { setApart } from "./numbers.js"
import { type Answer, type Said, saidOn } from "./said.js"

/** What the review needs. */
export interface Review {
  readonly texts: Texts
  /** Screens that are asked, in their order. */
  readonly screens: readonly HTMLElement[]
  /** Opens the screen of a question, to change its answer. */
  readonly change: (question: HTMLElement) => void
}

/** Lay out everything that was answered. */
export function reviewOf(review: Review): HTMLElement[] {
  return review.screens.map((screen) => partOf(review, screen))
}

function partOf(review: Review, screen: HTMLElement): HTMLElement {
  const { texts } = review
  const title = screen.querySelector("h2")?.textContent ?? ""
  const rows = saidOn(screen, texts).map((said) => row(review, said))
  const content =
    rows.length > 0 ? make("dl", { class: "said" }, ...rows) : leftOut(review, screen, title)
  return make("section", { class: "review__part" }, make("h3", {}, title), content)
}

function row({ texts, change }: Review, { question, label, answers }: Said): HTMLElement {
  const words = answers.map((answer) => make("dd", {}, ...answerView(answer)))
  const press = changeButton(texts, label, () => change(question))
  return make(
    "div",
    { class: "said__row" },
    make("dt", {}, label),
    ...words,
    make("dd", { class: "said__change" }, press),
  )
}

function answerView({ part, words }: Answer): (Node | string)[] {
  return part ? [part, " ", setApart(words)] : [setApart(words)]
}

function leftOut({ texts, change }: Review, screen: HTMLElement, title: string): HTMLElement {
  const press = changeButton(texts, title, () => change(screen))
  return make("p", {}, texts.say("review.left_out"), " ", press)
}

function changeButton(texts: Texts, what: string, press: () => void): HTMLElement {
  const element = button(texts.say("review.change"), press, "button--link")
  element.append(make("span", { class: "visually-hidden" }, ` ${what}`))
  return element
}
