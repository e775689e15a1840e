/** Passes: a little work done by this phone, exchanged for leave to send one submission. */

import { sha256 } from "@noble/hashes/sha2.js"
import { utf8ToBytes } from "@noble/hashes/utils.js"

import { TaskInvalid } from "./errors.js"

/** Header of a request that shows a pass. */
export const PASS_HEADER = "Portal-Pass"

const MOST_BITS = 26
const MOST_PUZZLES = 64
const LONGEST_TEXT = 200
const SEED = 32
const INT = 4
const WORD_BITS = 32

/** What has to be worked out. */
export interface Task {
  /** Text of the portal; it means nothing to anybody else. */
  readonly challenge: string
  /** Bits at the beginning of a digest that have to be zero. */
  readonly bits: number
  /** Numbers that have to be found. */
  readonly puzzles: number
}

/**
 * Read the portal's answer to `GET /v1/challenge`.
 *
 * @throws {TaskInvalid} If it is none, or asks for more work than any portal should.
 */
export function parseTask(value: unknown): Task {
  const { challenge, bits, puzzles } = (value ?? {}) as Record<string, unknown>
  if (!isText(challenge)) throw new TaskInvalid("challenge")
  if (!isWhole(bits, 0, MOST_BITS)) throw new TaskInvalid("bits")
  if (!isWhole(puzzles, 1, MOST_PUZZLES)) throw new TaskInvalid("puzzles")
  return { challenge, bits, puzzles }
}

/**
 * Read the portal's answer to `POST /v1/passes`.
 *
 * @throws {TaskInvalid} If there is no pass in it.
 */
export function parsePass(value: unknown): string {
  const { pass } = (value ?? {}) as Record<string, unknown>
  if (!isText(pass)) throw new TaskInvalid("pass")
  return pass
}

/** Work that can be put down and taken up again: a phone must stay quick while somebody types. */
export interface Work {
  /**
   * Make some digests.
   *
   * @returns The numbers once the last is found: the smallest that fits each puzzle.
   */
  go(digests: number): readonly number[] | null
}

/** Take up a task. */
export function beginWork({ challenge, bits, puzzles }: Task): Work {
  const message = new Uint8Array(SEED + 2 * INT)
  message.set(sha256(utf8ToBytes(challenge)))
  const view = new DataView(message.buffer)
  const found: number[] = []
  let number = 0
  const fits = () => {
    view.setUint32(SEED, found.length)
    view.setUint32(SEED + INT, number)
    const digest = sha256(message)
    // Shifting by 32 shifts by nothing.
    const first = new DataView(digest.buffer, digest.byteOffset).getUint32(0)
    return bits === 0 || first >>> (WORD_BITS - bits) === 0
  }
  return {
    go(digests) {
      for (let made = 0; made < digests && found.length < puzzles; made += 1) {
        if (fits()) {
          found.push(number)
          number = 0
        } else {
          number += 1
        }
      }
      return found.length === puzzles ? found : null
    },
  }
}

function isText(value: unknown): value is string {
  return typeof value === "string" && value.length > 0 && value.length <= LONGEST_TEXT
}

function isWhole(value: unknown, least: number, most: number): value is number {
  return Number.isInteger(value) && (value as number) >= least && (value as number) <= most
}
