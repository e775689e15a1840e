/** Padding: lengths say how much was written, so only a few lengths exist. */

import { utf8ToBytes } from "@noble/hashes/utils.js"

import { EnvelopeInvalid } from "./errors.js"

/** The lengths that padded JSON may have, in bytes. */
export const ENVELOPE_SIZES: readonly number[] = [8_192, 16_384, 32_768, 65_536]

/** Files shorter than this are padded to it, in bytes. */
export const SMALLEST_FILE = 65_536

const SPACE = 0x20

/** NUL, and halves of characters that a keyboard or a cut left behind: nobody can keep them. */
const UNKEEPABLE = /[\0\ud800-\udfff]/gu

/**
 * Write an object as JSON, with spaces behind it up to the next allowed length.
 *
 * In its texts the sign for an unreadable character stands where nothing can be kept.
 *
 * @throws {EnvelopeInvalid} If it is longer than the largest allowed length.
 */
export function paddedJson(value: object): Uint8Array {
  const bytes = utf8ToBytes(JSON.stringify(value, keepable))
  const size = ENVELOPE_SIZES.find((allowed) => bytes.length <= allowed)
  if (size === undefined) throw new EnvelopeInvalid("too long")
  const padded = new Uint8Array(size).fill(SPACE)
  padded.set(bytes)
  return padded
}

/**
 * Read what {@link paddedJson} wrote.
 *
 * @throws {EnvelopeInvalid} If the length is not an allowed one or it is not a JSON object.
 */
export function parsePaddedJson(bytes: Uint8Array): Record<string, unknown> {
  if (!ENVELOPE_SIZES.includes(bytes.length)) throw new EnvelopeInvalid("not padded")
  let value: unknown
  try {
    value = JSON.parse(new TextDecoder("utf-8", { fatal: true }).decode(bytes))
  } catch {
    throw new EnvelopeInvalid("not JSON")
  }
  if (typeof value !== "object" || value === null || Array.isArray(value)) {
    throw new EnvelopeInvalid("not an object")
  }
  return value as Record<string, unknown>
}

function keepable(_name: string, value: unknown): unknown {
  return typeof value === "string" ? value.replace(UNKEEPABLE, "\ufffd") : value
}

/**
 * Tell the length a file is padded to before it is sealed.
 *
 * Only the highest bits of the length survive (Padmé), so many files share one length.
 *
 * @param size - Length of the content in bytes, below 2^31.
 *
 * @returns The padded length in bytes, never below {@link SMALLEST_FILE}.
 */
export function paddedFileSize(size: number): number {
  return Math.max(SMALLEST_FILE, padme(size))
}

/**
 * Round a length up so that only its highest bits survive.
 *
 * @param size - Length in bytes, below 2^31.
 */
export function padme(size: number): number {
  if (size < 2) return size
  const exponent = 31 - Math.clz32(size)
  const keptBits = 32 - Math.clz32(exponent)
  const step = 2 ** Math.max(0, exponent - keptBits)
  return Math.ceil(size / step) * step
}
