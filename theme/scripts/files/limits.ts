/** The limits of the protocol for what one person sends at once. */

/** Files in one submission. */
export const MOST_FILES = 10

/** Bytes of one file. */
export const LARGEST_FILE = 25 * 2 ** 20

/** Bytes of all files together. */
export const LARGEST_TOTAL = 64 * 2 ** 20

/** A file as far as the limits go. */
export interface Measured {
  readonly name: string
  readonly size: number
}

/** A limit that is broken. */
export interface LimitBroken {
  /** Key below `files` in translations. */
  readonly code: "too_many" | "one_too_large" | "all_too_large"
  /** Place of the file that is too large; of the last one if all together are too much. */
  readonly place: number
  /** By how many files or bytes. */
  readonly over: number
}

/**
 * Compare files with the limits.
 *
 * @param files - Everything that would be sent.
 *
 * @returns The first limit that is broken, or null.
 */
export function brokenLimit(files: readonly Measured[]): LimitBroken | null {
  const large = files.findIndex(({ size }) => size > LARGEST_FILE)
  if (large >= 0) {
    return { code: "one_too_large", place: large, over: (files[large]?.size ?? 0) - LARGEST_FILE }
  }
  const place = files.length - 1
  if (files.length > MOST_FILES) return { code: "too_many", place, over: files.length - MOST_FILES }
  const total = files.reduce((sum, { size }) => sum + size, 0)
  return total > LARGEST_TOTAL
    ? { code: "all_too_large", place, over: total - LARGEST_TOTAL }
    : null
}
