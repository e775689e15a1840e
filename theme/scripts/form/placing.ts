/** Placing: which files answer which question.
 *
 * Twin of portal_content/forms/placing.py; both pass tests/vectors/form_files.json.
 */

/**
 * Tell which files answer which question, by their places from 1.
 *
 * @param questions - The question of each file, in the order of the envelope.
 */
export function placed(questions: readonly string[]): Readonly<Record<string, readonly number[]>> {
  const places: Record<string, number[]> = {}
  questions.forEach((question, index) => {
    places[question] = [...(places[question] ?? []), index + 1]
  })
  return places
}
