/** Problems: beside the question, and in a summary that links to each of them. */

import { goTo, make, need } from "../page/elements.js"
import { fill } from "../page/texts.js"
import type { FormDefinition } from "./answers.js"
import type { Problem } from "./checks.js"
import { errorPlace, makeErrorPlace } from "./error-places.js"

/** Fired at an input before somebody is led to it, so that its screen can be opened. */
export const REVEAL = "reveal"

/** A problem in words. */
export interface Complaint {
  /** Name of the input to go to. */
  readonly input: string
  readonly sentence: string
}

/** Put a problem into words: the question's own before the general ones. */
export function complaintOf(form: FormDefinition, { input, code, values }: Problem): Complaint {
  const id = input.split(".")[0]
  const own = form.fields.find((field) => field.id === id)?.problems[code]
  return { input, sentence: fill(own ?? form.problems[code] ?? code, values) }
}

/**
 * Show what has to be put right, or that nothing has to be.
 *
 * The markup is that of theme/templates/components/form.html, so that the page looks the same
 * whether the script or the server found the problem. Everything typed stays.
 *
 * @param form - The form.
 * @param complaints - In the order of the form.
 */
export function showComplaints(form: HTMLFormElement, complaints: readonly Complaint[]): void {
  const wrong = complaints.map(({ input }) => input)
  for (const place of form.querySelectorAll<HTMLElement>("[data-error-for]")) {
    const { errorFor: input = "" } = place.dataset
    if (!wrong.includes(input)) showComplaint(form, input, "")
  }
  for (const { input, sentence } of complaints) showComplaint(form, input, sentence)
  const summary = need<HTMLElement>(document, "[data-problem-summary]")
  const links = complaints.map((complaint) => make("li", {}, linkTo(form, complaint)))
  need(summary, "ul").replaceChildren(...links)
  summary.hidden = complaints.length === 0
  if (complaints.length > 0) goTo(summary)
}

/**
 * Show what has to be put right at one input, without leaving the place where the person is.
 *
 * @param form - The form.
 * @param input - Name of the input.
 * @param sentence - What to do; empty if nothing is wrong.
 */
export function showComplaint(form: HTMLFormElement, input: string, sentence: string): void {
  const place = errorPlace(form, input) ?? (sentence && makeErrorPlace(form, input))
  if (!place) return
  place.textContent = sentence
  place.hidden = sentence === ""
  markInput(form, input, sentence !== "")
  const question = place.closest("[data-question]")
  const wrong = question?.querySelector("[data-error-for]:not([hidden])") !== null
  question?.classList.toggle("field--error", wrong)
  if (wrong) question?.closest("details")?.setAttribute("open", "")
}

function inputNamed(form: HTMLFormElement, name: string): HTMLInputElement | null {
  return form.querySelector<HTMLInputElement>(`[name="${CSS.escape(name)}"]`)
}

function markInput(form: HTMLFormElement, name: string, wrong: boolean): void {
  const inputs = form.querySelectorAll<HTMLInputElement>(`[name="${CSS.escape(name)}"]`)
  for (const input of Array.from(inputs)) {
    // Radios answer together: what is wrong is wrong with their group.
    const marked = input.type === "radio" ? input.closest("[role=radiogroup]") : input
    if (wrong) marked?.setAttribute("aria-invalid", "true")
    else marked?.removeAttribute("aria-invalid")
  }
}

function linkTo(form: HTMLFormElement, { input, sentence }: Complaint): HTMLAnchorElement {
  const target = inputNamed(form, input)
  const link = make("a", { href: `#${target?.id ?? ""}` }, sentence)
  link.addEventListener("click", (event) => {
    event.preventDefault() // The address stays as it is.
    target?.dispatchEvent(new Event(REVEAL, { bubbles: true }))
    target?.focus()
    target?.scrollIntoView({ block: "center" })
  })
  return link
}
