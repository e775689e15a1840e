/** How differently two words are written. */

/**
 * Count the letters that are wrong, missing, too many or exchanged with their neighbour.
 *
 * @param one - A word.
 * @param other - Another one.
 * @param most - More than this need not be told apart from this plus one.
 */
export function wrongLetters(one: string, other: string, most: number): number {
  if (Math.abs(one.length - other.length) > most) return most + 1
  let before: number[] = []
  let last = Array.from({ length: other.length + 1 }, (_, column) => column)
  for (let row = 1; row <= one.length; row += 1) {
    const now = [row]
    for (let column = 1; column <= other.length; column += 1) {
      const differs = one[row - 1] === other[column - 1] ? 0 : 1
      const exchanged = one[row - 1] === other[column - 2] && one[row - 2] === other[column - 1]
      const costs = [at(now, column - 1) + 1, at(last, column) + 1, at(last, column - 1) + differs]
      if (row > 1 && column > 1 && exchanged) costs.push(at(before, column - 2) + 1)
      now.push(Math.min(...costs))
    }
    before = last
    last = now
  }
  return Math.min(at(last, other.length), most + 1)
}

function at(row: readonly number[], column: number): number {
  return row[column] ?? Number.POSITIVE_INFINITY
}
