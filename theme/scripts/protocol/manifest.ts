/** The manifest: which sealed pieces belong together; its hash is the submission's name. */

import { sha256 } from "@noble/hashes/sha2.js"
import { bytesToHex, utf8ToBytes } from "@noble/hashes/utils.js"

import { CHUNK_SIZE } from "./chunks.js"
import { ManifestInvalid } from "./errors.js"
import { PREFIX } from "./lines.js"

const HEX = "[0-9a-f]{64}"
const SIZE = "[1-9][0-9]{0,9}"
const ENVELOPE = new RegExp(`^envelope (${HEX}) (${SIZE})$`)
const BLOB = new RegExp(`^blob (${HEX}) (${SIZE})((?: ${HEX})+)$`)
const MOST_FILES = 10

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

/**
 * Read a manifest; there is one way to write each, anything else is refused.
 *
 * @throws {ManifestInvalid} If it is none.
 */
export function parseManifest(text: string): Manifest {
  const [head, envelope = "", ...rest] = text.split("\n")
  const found = ENVELOPE.exec(envelope)
  const isWhole = rest.pop() === "" && head === `${PREFIX}submission`
  if (!found || !isWhole || rest.length > MOST_FILES) throw new ManifestInvalid("lines")
  const [, envelopeSha256 = "", envelopeSize = ""] = found
  return { envelopeSha256, envelopeSize: Number(envelopeSize), blobs: rest.map(readBlob) }
}

function readBlob(line: string): SealedBlob {
  const [, hash = "", digits = "", names = ""] = BLOB.exec(line) ?? []
  const chunks = names.trim().split(" ")
  const size = Number(digits)
  if (!hash || chunks.length !== Math.ceil(size / CHUNK_SIZE)) throw new ManifestInvalid("blob")
  return { sha256: hash, size, chunks }
}
