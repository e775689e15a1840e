/** The text inside a signed note: a type line, then one line for each field, in a fixed order. */

/** Every format of ours begins with this. */
export const PREFIX = "imp-portal/v1/"

const DATE = /^\d{4}-\d{2}-\d{2}$/

/**
 * Read the fields of a note's text.
 *
 * @param text - Lines, each ended by a line feed.
 * @param type - What the first line must say after the prefix, e.g. "receipt".
 * @param names - The fields' names in order.
 *
 * @returns The fields' values, or null if the text is anything else.
 */
export function readFields(text: string, type: string, names: readonly string[]): string[] | null {
  const lines = text.split("\n")
  if (lines.shift() !== PREFIX + type || lines.pop() !== "") return null
  if (lines.length !== names.length) return null
  const values = lines.map((line, at) => afterName(line, names[at] ?? ""))
  return values.includes("") ? null : values
}

/**
 * Tell whether a text is a day that exists.
 *
 * @param text - E.g. "2026-11-20".
 */
export function isDate(text: string): boolean {
  const time = DATE.test(text) ? Date.parse(`${text}T00:00:00Z`) : Number.NaN
  return !Number.isNaN(time) && new Date(time).toISOString().startsWith(text)
}

function afterName(line: string, name: string): string {
  return line.startsWith(`${name} `) ? line.slice(name.length + 1) : ""
}
