/** What a return code opens: everything is computed from it, nothing is stored. */

import { hkdf } from "@noble/hashes/hkdf.js"
import { sha256 } from "@noble/hashes/sha2.js"
import { bytesToHex, concatBytes, utf8ToBytes } from "@noble/hashes/utils.js"

import { identityFromSeed, recipientOf } from "./age.js"
import { PREFIX } from "./lines.js"
import { parseCode } from "./return-code.js"

const SALT_BYTES = 16

/**
 * Argon2id with the cost of the protocol: 19,456 KiB, two passes, one lane, 32 bytes.
 *
 * Handed in, because it is a script of its own that is loaded while the form is filled.
 */
export type SlowHash = (password: string, salt: Uint8Array) => Promise<Uint8Array>

/** What belongs to one return code. */
export interface Mailbox {
  /** Shown to the server when fetching; the server keeps only its hash. */
  readonly token: Uint8Array
  readonly id: string
  readonly identity: string
  readonly recipient: string
  /** Lets the Institution see that a later message is from the same person. */
  readonly proof: string
}

/**
 * Compute everything a return code stands for.
 *
 * @param code - The code as typed or made.
 * @param deployment - Name of this portal's deployment; the same code elsewhere is another mailbox.
 * @param slowHash - Argon2id.
 *
 * @throws {ReturnCodeInvalid} If it is not a return code.
 */
export async function deriveMailbox(
  code: string,
  deployment: string,
  slowHash: SlowHash,
): Promise<Mailbox> {
  const root = await slowHash(parseCode(code), codeSalt(deployment))
  const derive = (use: string) => hkdf(sha256, root, undefined, utf8ToBytes(PREFIX + use), 32)
  const token = derive("mailbox-token")
  const identity = identityFromSeed(derive("mailbox-identity"))
  const proof = bytesToHex(derive("thread-proof"))
  return { token, id: mailboxId(token), identity, recipient: await recipientOf(identity), proof }
}

/**
 * Tell which mailbox a token opens.
 *
 * @param token - 32 bytes.
 *
 * @returns The mailbox's id in hex.
 */
export function mailboxId(token: Uint8Array): string {
  return bytesToHex(sha256(concatBytes(utf8ToBytes(`${PREFIX}mailbox-id\0`), token)))
}

/**
 * Tell the salt of a deployment's return codes.
 *
 * @param deployment - Name of the deployment.
 */
export function codeSalt(deployment: string): Uint8Array {
  return sha256(utf8ToBytes(`${PREFIX}return-code|${deployment}`)).subarray(0, SALT_BYTES)
}
