/**
 * Emptiness: a form that adds to what was written before must add something.
 *
 * Twin of portal_content/forms/emptiness.py.
 */

import { consentChoices, type FormDefinition, fromInputs, isAsked } from "./answers.js"
import { type Inputs, type Problem, problem } from "./checks.js"

/**
 * Return the problem of a form that was chosen a purpose for and then says nothing.
 *
 * @param form - Only one that changes consents can be left empty.
 * @param inputs - What the page would send.
 * @param files - Whether a file answers a question that is asked.
 */
export function leftEmpty(form: FormDefinition, inputs: Inputs, files: boolean): Problem[] {
  const purpose = form.consents_when?.question
  const answers = fromInputs(form, inputs)
  if (!purpose || answers[purpose] === undefined) return []
  const saysMore = Object.keys(answers).some((question) => question !== purpose)
  if (files || saysMore || consentChoices(form, inputs).length > 0) return []
  const asked = form.fields.filter((field) => field.id !== purpose && isAsked(field, answers))
  const [first] = asked
  if (!first) {
    const last = form.consents[form.consents.length - 1]
    return last ? [problem(`consent.${last.id}`, "nothing_changed")] : []
  }
  // Where something is needed, the question says so itself.
  return asked.some(({ required }) => required) ? [] : [problem(first.id, "nothing_written")]
}
