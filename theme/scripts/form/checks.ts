/** What the checks of all kinds share. Twin of portal_content/forms/problems.py. */

/** What a page would send: every input's name with its values, in order. */
export type Inputs = ReadonlyMap<string, readonly string[]>

/** Something the person can put right. */
export interface Problem {
  /** Name of the input to go to. */
  readonly input: string
  readonly code: string
  readonly values: Readonly<Record<string, number>>
}

/** Return the first value of an input, or nothing. */
export function first(inputs: Inputs, name: string): string {
  return inputs.get(name)?.[0] ?? ""
}

/** Tell whether nothing was typed but blanks. */
export function isBlank(text: string): boolean {
  return text.trim() === ""
}

/** Return a problem. */
export function problem(input: string, code: string, values: Problem["values"] = {}): Problem {
  return { input, code, values }
}

/** Return the problem of a text that is longer than a form takes, or nothing. */
export function tooLong(
  input: string,
  text: string | true | undefined,
  max: number,
): Problem | null {
  const length = typeof text === "string" ? Array.from(text).length : 0
  return length > max ? problem(input, "too_long", { max, over: length - max }) : null
}
