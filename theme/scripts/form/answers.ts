/** Answers: from the inputs of a page to values, and what is still missing in them.
 *
 * Twin of portal_content/forms/answers.py; both pass tests/vectors/form_answers.json.
 */

import { asciiDigits } from "../protocol/digits.js"
import type { EnvelopeType } from "../protocol/envelope.js"
import { first, type Inputs, isBlank, type Problem, problem, tooLong } from "./checks.js"
import { helperProblems } from "./helper.js"
import { contactProblem } from "./safe-contact.js"

const AGREE = "agree"
/** Choices for a consent that change it; the third leaves it as it is. */
const CHANGES = [AGREE, "take_back"]

/** Something is asked only if an earlier question was answered with one of these options. */
export interface Condition {
  readonly question: string
  readonly is: readonly string[]
}

/** A question, as far as the script must know it. */
export interface FieldDefinition {
  readonly id: string
  readonly kind: string
  readonly required: boolean
  readonly options: readonly string[]
  readonly max_length: number
  readonly minimum: number
  readonly maximum: number
  /** It is asked only if an earlier question was answered with one of these options. */
  readonly when: Condition | null
  /** This question's own words for a problem, by code. */
  readonly problems: Readonly<Record<string, string>>
}

/** A consent, with the proof of which text was shown. */
export interface ConsentDefinition {
  readonly id: string
  readonly version: number
  readonly language: string
  readonly sha256: string
  readonly required: boolean
  readonly scopes: readonly string[]
}

/** A form, as the page carries it. */
export interface FormDefinition {
  readonly id: string
  readonly version: number
  readonly type: EnvelopeType
  /** Whether somebody may fill it in with the person. */
  readonly assisted: boolean
  readonly fields: readonly FieldDefinition[]
  readonly consents: readonly ConsentDefinition[]
  readonly problems: Readonly<Record<string, string>>
  readonly areas: readonly string[]
  /** Inputs of the kinds that need more than one, by kind. */
  readonly parts: Readonly<Record<string, readonly string[]>>
  /** For a form that changes consents: they are asked only then, each as three choices. */
  readonly consents_when?: Condition | null
}

/** Answer of a kind that needs more than one input. */
export type Parts = Readonly<Record<string, string | true>>

/** Exactly what was typed or chosen. */
export type Answer = string | readonly string[] | Parts

/** Answers by question; a question that was left out is absent. */
export type Answers = Readonly<Record<string, Answer>>

const DATE_LENGTH = 100
const PLACE_LENGTH = 300
const TIMES_LENGTH = 200
const FILE_KINDS = ["photos", "files", "voice"]
const BRIEFING = /^[a-z0-9][a-z0-9-]{0,63}$/
/** Read the answers out of a page's inputs; nothing is changed.
 *
 * Empty ones are left out, and those to questions that are not asked after what was chosen.
 */
export function fromInputs(form: FormDefinition, inputs: Inputs): Answers {
  const answers: Record<string, Answer> = {}
  for (const field of form.fields) {
    const value = isAsked(field, answers) ? readAnswer(form, field, inputs) : null
    if (value !== null) answers[field.id] = value
  }
  return answers
}

/** Tell whether a question is asked, given the answers to those before it. */
export function isAsked({ when }: FieldDefinition, answers: Answers): boolean {
  return !when || holds(when, answers)
}

function holds(when: Condition, answers: Answers): boolean {
  const chosen = answers[when.question]
  const options = Array.isArray(chosen) ? chosen : [chosen]
  return options.some((option) => when.is.includes(option))
}

/** Tell which consents were given; of a form that changes consents, only those that change. */
export function consentChoices(form: FormDefinition, inputs: Inputs): object[] {
  const { consents, consents_when: changes } = form
  if (changes && !holds(changes, fromInputs(form, inputs))) return []
  const said = (id: string) => first(inputs, `consent.${id}`)
  const chosen = changes ? consents.filter(({ id }) => CHANGES.includes(said(id))) : consents
  return chosen.map(({ id, version, language, sha256, scopes }) => {
    const given = said(id) === (changes ? AGREE : "yes")
    const chosen = given ? (inputs.get(`consent.${id}.scopes`) ?? []) : []
    const choice = { id, version, language, sha256, given }
    return scopes.length > 0 ? { ...choice, scopes: chosen } : choice
  })
}

/** List what has to be put right, in the order of the form, at most one problem a question. */
export function check(form: FormDefinition, answers: Answers, inputs: Inputs): Problem[] {
  const asked = form.fields.filter((field) => isAsked(field, answers))
  const problems = asked.map((field) => checkField(form, field, answers[field.id]))
  const consents = form.consents
    .filter(({ id, required }) => required && first(inputs, `consent.${id}`) !== "yes")
    .map(({ id }) => problem(`consent.${id}`, "consent_missing"))
  const all = [...helperProblems(form, inputs), ...problems, ...consents]
  return all.filter((found): found is Problem => found !== null)
}

function readAnswer(form: FormDefinition, field: FieldDefinition, inputs: Inputs): Answer | null {
  if (FILE_KINDS.includes(field.kind)) return null
  if (field.kind === "choices") {
    const chosen = (inputs.get(field.id) ?? []).filter((value) => value !== "")
    return chosen.length > 0 ? chosen : null
  }
  const parts = form.parts[field.kind]
  if (parts) return readParts(field.id, parts, inputs)
  const typed = first(inputs, field.id)
  return isBlank(typed) ? null : typed
}

function readParts(id: string, parts: readonly string[], inputs: Inputs): Parts | null {
  const value: Record<string, string | true> = {}
  for (const part of parts) {
    const typed = first(inputs, `${id}.${part}`)
    if (!isBlank(typed)) value[part] = part === "unknown" ? true : typed
  }
  return Object.keys(value).length > 0 ? value : null
}

function checkField(
  form: FormDefinition,
  field: FieldDefinition,
  answer: Answer | undefined,
): Problem | null {
  const { id, kind, required, options } = field
  if (answer === undefined) {
    const part = form.parts[kind]?.[0]
    return required ? problem(part ? `${id}.${part}` : id, "missing") : null
  }
  if (Array.isArray(answer)) {
    const known = answer.every((option) => options.includes(option))
    const twice = new Set(answer).size < answer.length
    return known && !twice ? null : problem(id, "not_an_option")
  }
  if (typeof answer === "string") return checkTyped(field, answer)
  return checkParts(form, field, answer as Parts)
}

function checkTyped(field: FieldDefinition, answer: string): Problem | null {
  const { id, kind, options, max_length } = field
  if (kind === "choice") return options.includes(answer) ? null : problem(id, "not_an_option")
  if (kind === "briefing") return BRIEFING.test(answer) ? null : problem(id, "not_an_option")
  if (kind === "times") return tooLong(id, answer, TIMES_LENGTH)
  return (kind === "number" ? checkNumber(field, answer) : null) ?? tooLong(id, answer, max_length)
}

function checkNumber(field: FieldDefinition, answer: string): Problem | null {
  const { id, minimum: min, maximum: max } = field
  const digits = asciiDigits(answer)
  if (digits === "" || digits.length > String(max).length + 2) return problem(id, "not_a_number")
  const number = Number(digits)
  return number < min || number > max ? problem(id, "number_range", { min, max }) : null
}

function checkParts(form: FormDefinition, field: FieldDefinition, parts: Parts): Problem | null {
  const { id, kind } = field
  if (kind === "partial_date") return tooLong(`${id}.text`, parts.text, DATE_LENGTH)
  if (kind === "safe_contact") return contactProblem(id, parts)
  const { area = "unknown" } = parts
  if (area === true || !form.areas.includes(area)) return problem(`${id}.area`, "not_an_option")
  return tooLong(`${id}.text`, parts.text, PLACE_LENGTH)
}
