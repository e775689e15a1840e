/** Places for what has to be put right: made when something has, so that pages weigh less. */

import { make } from "../page/elements.js"

/**
 * Return the place beside an input where its problem is shown, or null if none was shown yet.
 *
 * @param form - The form.
 * @param input - Name of the input.
 */
export function errorPlace(form: HTMLFormElement, input: string): HTMLElement | null {
  return form.querySelector<HTMLElement>(`[data-error-for="${CSS.escape(input)}"]`)
}

/**
 * Make the place as theme/templates/components/form.html does when the server finds the problem.
 *
 * @param form - The form.
 * @param input - Name of the input.
 *
 * @returns The place, or null if the form has no such input.
 */
export function makeErrorPlace(form: HTMLFormElement, input: string): HTMLElement | null {
  const controls = form.querySelectorAll<HTMLInputElement>(`[name="${CSS.escape(input)}"]`)
  const first = controls[0]
  if (!first) return null
  const id = `${first.id || `f-${input}`}-error`
  const place = make("p", { class: "field__error", id, "data-error-for": input })
  place.hidden = true
  const before = first.closest(".choices") ?? first.closest(".choice") ?? first
  before.before(place)
  for (const control of Array.from(controls)) describe(described(control), id)
  return place
}

/** Radios answer together: their group is what is described. */
function described(control: HTMLInputElement): Element {
  return (control.type === "radio" && control.closest("[role=radiogroup]")) || control
}

function describe(element: Element, id: string): void {
  const ids = element.getAttribute("aria-describedby")?.split(" ") ?? []
  if (!ids.includes(id)) element.setAttribute("aria-describedby", [...ids, id].join(" "))
}
