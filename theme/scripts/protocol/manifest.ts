/** The manifest: which sealed pieces belong together; its hash is the submission's name. */

import { sha256 } from "@noble/hashes/sha2.js"
import { bytesToHex, utf8ToBytes } from "@noble/hashes/utils.js"

import { PREFIX } from "./lines.js"

/** A sealed file as the server sees it. */
export interface SealedBlob {
  readonly sha256: string
  readonly size: number
  readonly chunks: readonly string[]
}

/** What one submission consists of. */
export interface Manifest {
  readonly envelopeSha256: string
  readonly envelopeSize: number
  readonly blobs: readonly SealedBlob[]
}

/**
 * Write a manifest.
 *
 * @returns ASCII text, one line for the envelope and one for each file, in the envelope's order.
 */
export function manifestText(manifest: Manifest): string {
  const blobs = manifest.blobs.map(
    ({ sha256: hash, size, chunks }) => `blob ${hash} ${size} ${chunks.join(" ")}\n`,
  )
  const envelope = `envelope ${manifest.envelopeSha256} ${manifest.envelopeSize}\n`
  return `${PREFIX}submission\n${envelope}${blobs.join("")}`
}

/**
 * Tell a submission's name.
 *
 * @param text - The manifest's text.
 *
 * @returns The hex SHA-256 of it.
 */
export function submissionId(text: string): string {
  return bytesToHex(sha256(utf8ToBytes(text)))
}
