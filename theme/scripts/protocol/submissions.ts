/** A submission as it is sent: manifest and envelope in one body. */

import { concatBytes, utf8ToBytes } from "@noble/hashes/utils.js"

import { chunkName } from "./chunks.js"
import { manifestText, type SealedBlob, submissionId } from "./manifest.js"

/** What is sent, and the name it has. */
export interface Submission {
  readonly id: string
  readonly body: Uint8Array
}

/**
 * Put a sealed envelope and its files' descriptions together.
 *
 * @param envelope - The sealed envelope.
 * @param blobs - The sealed files, in the envelope's order.
 */
export function makeSubmission(envelope: Uint8Array, blobs: readonly SealedBlob[]): Submission {
  const text = manifestText({
    envelopeSha256: chunkName(envelope),
    envelopeSize: envelope.length,
    blobs,
  })
  return { id: submissionId(text), body: packSubmission(utf8ToBytes(text), envelope) }
}

/**
 * Write the body of a submission.
 *
 * @param manifest - The manifest's bytes.
 * @param envelope - The sealed envelope.
 *
 * @returns The manifest's length as four bytes, the manifest, the envelope.
 */
export function packSubmission(manifest: Uint8Array, envelope: Uint8Array): Uint8Array {
  const length = new Uint8Array(4)
  new DataView(length.buffer).setUint32(0, manifest.length)
  return concatBytes(length, manifest, envelope)
}
