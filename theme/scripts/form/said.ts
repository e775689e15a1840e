/** Answers in the words of the page: what a person sees of their own form. */

import type { Texts } from "../page/texts.js"

/** A question that was answered. */
export interface Said {
  readonly question: HTMLElement
  readonly label: string
  readonly answers: readonly Answer[]
}

/** One answer; of a question with several parts it says which part it is. */
export interface Answer {
  readonly part: string
  readonly words: string
}

type Control = HTMLInputElement | HTMLSelectElement | HTMLTextAreaElement

/** With more parts than these, each part says what it is. */
const SHORT = 2

/**
 * List what was answered on a screen; questions that are not asked or were left out are not in it.
 *
 * @param screen - The screen.
 * @param texts - Sentences of `filling`.
 */
export function saidOn(screen: HTMLElement, texts: Texts): Said[] {
  return questionsOf(screen)
    .map((question) => ({
      question,
      label: labelOf(question),
      answers: isConsent(question) ? consentWords(question, texts) : answersOf(question),
    }))
    .filter(({ answers }) => answers.length > 0)
}

/** List the questions of a screen that are asked. */
export function questionsOf(screen: HTMLElement): HTMLElement[] {
  const all = Array.from(screen.querySelectorAll<HTMLElement>("[data-question]"))
  return all.filter((question) => isAsked(question, screen))
}

function isAsked(question: HTMLElement, screen: HTMLElement): boolean {
  for (let one: HTMLElement | null = question; one && one !== screen; one = one.parentElement) {
    if (one.hidden) return false
  }
  return true
}

function isConsent(question: HTMLElement): boolean {
  return question.classList.contains("consent")
}

function labelOf(question: HTMLElement): string {
  return wordsOf(question.querySelector(isConsent(question) ? "label" : ".field__label"))
}

/** Words of an element without what is said of every question: that it can be left out. */
function wordsOf(element: Element | null): string {
  const copy = element?.cloneNode(true) as Element | undefined
  for (const mark of Array.from(copy?.querySelectorAll(".field__optional") ?? [])) mark.remove()
  return copy?.textContent?.replace(/\s+/g, " ").trim() ?? ""
}

/** A consent was always answered: with yes, or by leaving it as it was. */
function consentWords(consent: HTMLElement, texts: Texts): Answer[] {
  const [given, ...scopes] = controlsOf(consent) as HTMLInputElement[]
  if (!given?.checked) return answersIn([texts.say("review.consent_no")])
  return answersIn([texts.say("review.consent_yes"), ...scopes.map(chosenIn)])
}

function answersIn(all: readonly string[], part = ""): Answer[] {
  return all.filter(Boolean).map((words) => ({ part, words }))
}

function answersOf(question: HTMLElement): Answer[] {
  const file = question.querySelector<HTMLInputElement>("input[type=file]")
  if (file) {
    const listed = "[data-chosen] .chosen__name, [data-chosen] [data-said]"
    const all = Array.from(question.querySelectorAll<HTMLElement>(listed))
    return answersIn(all.map((one) => one.dataset.said ?? one.textContent ?? ""))
  }
  const parts = Array.from(question.querySelectorAll<HTMLElement>(".part"))
  if (parts.length === 0) return answersIn(controlsOf(question).map(chosenIn))
  return parts
    .filter((part) => isAsked(part, question))
    .flatMap((part) => {
      const name = parts.length > SHORT ? wordsOf(part.querySelector(".part__label")) : ""
      return answersIn(controlsOf(part).map(chosenIn), name)
    })
}

function controlsOf(place: HTMLElement): Control[] {
  return Array.from(place.querySelectorAll<Control>("input, select, textarea"))
}

/** What a control answers, in words; nothing if it answers nothing. */
function chosenIn(control: Control): string {
  if (control instanceof HTMLSelectElement) {
    return control.value === "" ? "" : wordsOf(control.selectedOptions[0] ?? null)
  }
  if (control.type !== "radio" && control.type !== "checkbox") return control.value.trim()
  const chosen = (control as HTMLInputElement).checked
  return chosen ? wordsOf(control.labels?.[0] ?? null) : ""
}
