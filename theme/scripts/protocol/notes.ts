/** Signed notes (C2SP signed-note, Ed25519): everything that is signed here has this form. */

import { ed25519 } from "@noble/curves/ed25519.js"
import { sha256 } from "@noble/hashes/sha2.js"
import { bytesToHex, concatBytes, utf8ToBytes } from "@noble/hashes/utils.js"
import { base64 } from "@scure/base"

import { NoteForged, NoteMalformed, SignaturesMissing } from "./errors.js"

const ED25519 = 1
const SIGNATURE_LINE = /^\u2014 ([^\s+]+) ([A-Za-z0-9+/]+=*)$/
// biome-ignore lint/suspicious/noControlCharactersInRegex: finding them is the purpose
const CONTROL_CHARACTERS = /[\u0000-\u0009\u000b-\u001f]/
const MOST_SIGNATURES = 100

/** A public key with the name it signs under. */
export interface VerifyKey {
  readonly name: string
  /** First four bytes of the hash of name and key, in hex. */
  readonly id: string
  readonly public: Uint8Array
}

/**
 * Read a verification key.
 *
 * @param text - `<name>+<hex key id>+<base64 of 0x01 and the key>`.
 *
 * @throws {NoteMalformed} If a part is missing or the parts do not belong together.
 */
export function parseVerifyKey(text: string): VerifyKey {
  const [, name = "", id = "", encoded = ""] = /^([^\s+]+)\+([0-9a-f]{8})\+(\S+)$/.exec(text) ?? []
  const raw = fromBase64(encoded)
  const key = raw.subarray(1)
  if (raw.length !== 33 || raw[0] !== ED25519 || keyId(name, key) !== id) {
    throw new NoteMalformed("not a verification key")
  }
  return { name, id, public: key }
}

/**
 * Check the signatures of a note.
 *
 * @param note - The whole note.
 * @param keys - Keys we trust; signatures of others are passed over.
 * @param threshold - How many different keys must have signed.
 *
 * @returns The signed text, which ends in a line feed.
 *
 * @throws {NoteMalformed} If it is not a note.
 * @throws {NoteForged} If a key we trust did not sign this text.
 * @throws {SignaturesMissing} If too few of them signed.
 */
export function openNote(note: string, keys: readonly VerifyKey[], threshold = 1): string {
  const [text, signatures] = splitNote(note)
  const message = utf8ToBytes(text)
  const signers = new Set<string>()
  for (const line of signatures) {
    const [name, raw] = parseSignature(line)
    const id = bytesToHex(raw.subarray(0, 4))
    const key = keys.find((known) => known.name === name && known.id === id)
    if (!key) continue
    if (!isSignedBy(key.public, raw.subarray(4), message)) throw new NoteForged(name)
    signers.add(bytesToHex(key.public))
  }
  if (signers.size < threshold) throw new SignaturesMissing(`${signers.size} of ${threshold}`)
  return text
}

/**
 * Check one Ed25519 signature, the strict way (RFC 8032).
 *
 * Always noble's code: browsers differ in whether they have Ed25519 and in what they accept.
 */
export function isSignedBy(key: Uint8Array, signature: Uint8Array, message: Uint8Array): boolean {
  return signature.length === 64 && ed25519.verify(signature, message, key, { zip215: false })
}

function splitNote(note: string): [string, string[]] {
  const end = note.lastIndexOf("\n\n")
  if (end < 0 || !note.endsWith("\n")) throw new NoteMalformed("no signatures")
  if (CONTROL_CHARACTERS.test(note)) throw new NoteMalformed("control character")
  const signatures = note.slice(end + 2, -1).split("\n")
  if (signatures.length > MOST_SIGNATURES) throw new NoteMalformed("too many signatures")
  return [note.slice(0, end + 1), signatures]
}

function parseSignature(line: string): [string, Uint8Array] {
  const [, name = "", encoded = ""] = SIGNATURE_LINE.exec(line) ?? []
  const raw = fromBase64(encoded)
  if (raw.length < 5) throw new NoteMalformed("not a signature line")
  return [name, raw]
}

function keyId(name: string, key: Uint8Array): string {
  const hashed = sha256(concatBytes(utf8ToBytes(name), Uint8Array.of(0x0a, ED25519), key))
  return bytesToHex(hashed.subarray(0, 4))
}

function fromBase64(text: string): Uint8Array {
  try {
    return base64.decode(text)
  } catch {
    throw new NoteMalformed("not base64")
  }
}
