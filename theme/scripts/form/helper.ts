/** Who filled a form in: the person, or somebody who helped them and is named apart.
 *
 * Twin of portal_content/forms/assistance.py.
 */

import type { FormDefinition } from "./answers.js"
import { first, type Inputs, isBlank, type Problem, problem, tooLong } from "./checks.js"

const PARTS = ["read_language", "name", "organisation", "relation"]
const HELPER_LENGTH = 200
const LANGUAGE = /^[a-z]{2,8}$/

/** Who filled a form in, as the envelope says it. */
export interface FilledInBy {
  readonly mode: "self" | "assisted"
  readonly helper?: Readonly<Record<string, string>>
}

/** Read who filled a page in; who says nothing writes for themself. */
export function filledInBy({ assisted }: FormDefinition, inputs: Inputs): FilledInBy {
  if (!assisted || first(inputs, "mode") !== "assisted") return { mode: "self" }
  const helper: Record<string, string> = {}
  for (const part of PARTS) {
    const typed = first(inputs, `helper.${part}`)
    if (!isBlank(typed)) helper[part] = typed
  }
  return { mode: "assisted", helper }
}

/** List what a helper, if there is one, has to put right about themself, in the order asked. */
export function helperProblems(form: FormDefinition, inputs: Inputs): (Problem | null)[] {
  const { helper } = filledInBy(form, inputs)
  if (!helper) return []
  const typed = PARTS.filter((part) => part !== "read_language")
  return [
    languageProblem(helper.read_language),
    ...typed.map((part) => tooLong(`helper.${part}`, helper[part], HELPER_LENGTH)),
  ]
}

function languageProblem(language: string | undefined): Problem | null {
  const input = "helper.read_language"
  if (language === undefined) return problem(input, "read_language_missing")
  return LANGUAGE.test(language) ? null : problem(input, "not_an_option")
}
