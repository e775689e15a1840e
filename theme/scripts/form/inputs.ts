/** Reading a form's inputs, as the browser would send them. */

import type { Inputs } from "./checks.js"

/** Read every input with its values; files are not among them. */
export function readInputs(form: HTMLFormElement): Inputs {
  const inputs = new Map<string, string[]>()
  new FormData(form).forEach((value, name) => {
    if (typeof value !== "string") return
    inputs.set(name, [...(inputs.get(name) ?? []), value])
  })
  return inputs
}

/**
 * Make a form untouchable while it is being sent.
 *
 * @returns A function that gives back what was touchable before.
 */
export function freeze(form: HTMLFormElement): () => void {
  const frozen = Array.from(form.elements).filter(
    (control) => !(control as HTMLInputElement).disabled,
  ) as HTMLInputElement[]
  for (const control of frozen) control.disabled = true
  return () => {
    for (const control of frozen) control.disabled = false
  }
}
