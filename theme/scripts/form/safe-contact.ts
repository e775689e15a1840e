/** Safe contact: how a person may be reached. Twin of portal_content/forms/safe_contact.py. */

import { asciiDigits } from "../protocol/digits.js"
import type { Parts } from "./answers.js"
import { isBlank, type Problem, problem, tooLong } from "./checks.js"

const CONTACT_LENGTH = 200
const FEWEST_PHONE_DIGITS = 6
const MOST_PHONE_DIGITS = 15
const EMAIL = /^\s*[^@\s]+@[^@\s]+\.[^@\s]+\s*$/
const WAYS = ["phone", "voice_app", "text_app", "sms", "email", "organisation"]
const OPTIONS: Readonly<Record<string, readonly string[]>> = {
  way: ["none", ...WAYS],
  shared: ["yes", "no", "not_sure"],
  leave_message: ["no", "neutral", "yes"],
  say_who: ["no", "only_me", "yes"],
  if_fails: ["wait", "other_way", "organisation"],
  second_way: WAYS,
}
const LENGTHS: Readonly<Record<string, number>> = {
  name_to_ask: 200,
  times: 200,
  not_times: 200,
  recognition_word: 60,
  second_value: CONTACT_LENGTH,
  valid_until: 100,
}

/**
 * Find what has to be put right first, or nothing.
 *
 * @param id - Id of the question.
 * @param parts - What was typed or chosen, by part.
 */
export function contactProblem(id: string, parts: Parts): Problem | null {
  if (parts.way === undefined) return problem(`${id}.way`, "missing")
  for (const part in OPTIONS) {
    const chosen = parts[part]
    if (chosen !== undefined && !OPTIONS[part]?.includes(String(chosen))) {
      return problem(`${id}.${part}`, "not_an_option")
    }
  }
  const { way, second_way = "none", if_fails } = parts
  if (if_fails === "other_way" && second_way === "none") {
    return problem(`${id}.second_way`, "missing")
  }
  return (
    valueProblem(`${id}.value`, way, parts.value) ??
    valueProblem(`${id}.second_value`, second_way, parts.second_value) ??
    lengthProblem(id, parts)
  )
}

function lengthProblem(id: string, parts: Parts): Problem | null {
  for (const part in LENGTHS) {
    const found = tooLong(`${id}.${part}`, parts[part], LENGTHS[part] ?? CONTACT_LENGTH)
    if (found) return found
  }
  return null
}

function valueProblem(
  input: string,
  way: string | true,
  typed: string | true = "",
): Problem | null {
  const value = String(typed)
  if (way !== "none") {
    if (isBlank(value)) return problem(input, "contact_value_missing")
    const digits = asciiDigits(value).length
    const isPhone = digits >= FEWEST_PHONE_DIGITS && digits <= MOST_PHONE_DIGITS
    if ((way === "phone" || way === "sms") && !isPhone) return problem(input, "phone_unclear")
    if (way === "email" && !EMAIL.test(value)) return problem(input, "email_unclear")
  }
  return tooLong(input, value, CONTACT_LENGTH)
}
