/** age v1 files for hybrid recipients (ML-KEM-768 with X25519), and nothing weaker. */

import { bech32 } from "@scure/base"
import { Decrypter, Encrypter, identityToRecipient } from "age-encryption"

import { AgeError } from "./errors.js"

const RECIPIENT = /^age1pq1[a-z0-9]+$/
const RECIPIENT_BYTES = 1216
const IDENTITY_PREFIX = "age-secret-key-pq-"

/**
 * Check that a text is a hybrid recipient.
 *
 * @param text - E.g. "age1pq1…", 1,959 characters.
 *
 * @returns The same text.
 *
 * @throws {AgeError} For any other kind of recipient: mixing kinds would weaken the whole file.
 */
export function parseRecipient(text: string): string {
  if (!RECIPIENT.test(text)) throw new AgeError("not a hybrid recipient")
  try {
    const { words } = bech32.decode(text as `${string}1${string}`, false)
    if (bech32.fromWords(words).length === RECIPIENT_BYTES) return text
  } catch {
    // Falls through: a broken checksum and a wrong length are the same to the caller.
  }
  throw new AgeError("not a whole hybrid recipient")
}

/**
 * Write the identity that a seed stands for.
 *
 * @param seed - 32 bytes.
 *
 * @returns The identity string "AGE-SECRET-KEY-PQ-1…".
 */
export function identityFromSeed(seed: Uint8Array): string {
  return bech32.encode(IDENTITY_PREFIX, bech32.toWords(seed), false).toUpperCase()
}

/**
 * Tell who can be written to under an identity.
 *
 * @param identity - "AGE-SECRET-KEY-PQ-1…".
 *
 * @returns The recipient "age1pq1…".
 */
export function recipientOf(identity: string): Promise<string> {
  return identityToRecipient(identity)
}

/**
 * Seal bytes for every recipient.
 *
 * @param plaintext - What to seal.
 * @param recipients - Hybrid recipients; each alone can open the result.
 *
 * @returns A whole age file.
 */
export function seal(plaintext: Uint8Array, recipients: readonly string[]): Promise<Uint8Array> {
  return sealer(recipients).encrypt(plaintext)
}

/**
 * Seal a stream for every recipient, 64 KiB at a time.
 *
 * @param plaintext - What to seal.
 * @param recipients - Hybrid recipients.
 *
 * @returns The age file as a stream.
 */
export function sealStream(
  plaintext: ReadableStream<Uint8Array>,
  recipients: readonly string[],
): Promise<ReadableStream<Uint8Array>> {
  return sealer(recipients).encrypt(plaintext)
}

/**
 * Open an age file.
 *
 * @param ciphertext - The whole file.
 * @param identity - "AGE-SECRET-KEY-PQ-1…".
 *
 * @returns What was sealed.
 *
 * @throws {AgeError} If the file is not for this identity, or was changed.
 */
export async function openSealed(ciphertext: Uint8Array, identity: string): Promise<Uint8Array> {
  const decrypter = new Decrypter()
  decrypter.addIdentity(identity)
  try {
    return await decrypter.decrypt(ciphertext)
  } catch (cause) {
    throw new AgeError(String(cause))
  }
}

function sealer(recipients: readonly string[]): Encrypter {
  if (recipients.length === 0) throw new AgeError("nobody to seal for")
  const encrypter = new Encrypter()
  for (const recipient of recipients) encrypter.addRecipient(parseRecipient(recipient))
  return encrypter
}
