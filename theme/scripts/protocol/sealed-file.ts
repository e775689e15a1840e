/** A whole submission in one file, to be carried instead of sent. portal_protocol/sealed_files.py. */

import { sha256 } from "@noble/hashes/sha2.js"
import { bytesToHex, utf8ToBytes } from "@noble/hashes/utils.js"
import { base64 } from "@scure/base"

import { CHUNK_SIZE, type Chunk, chunkName } from "./chunks.js"
import {
  ManifestInvalid,
  SealedFileCutOff,
  SealedFileInvalid,
  SealedFileOfAnotherKind,
} from "./errors.js"
import { PREFIX } from "./lines.js"
import { type Manifest, parseManifest, type SealedBlob, submissionId } from "./manifest.js"
import { packSubmission, type Submission } from "./submissions.js"

/** What the form calls the file: a name that says nothing on a phone that is searched. */
export const FILE_NAME = "file.dat"

const HEAD = utf8ToBytes(`${PREFIX}sealed\n`)
const TEXT_HEAD = `${PREFIX}sealed-text`
const LENGTH = 4
const LONGEST_MANIFEST = 32_768
const LARGEST_ENVELOPE = 200_000
const LARGEST_FILES = 70_000_000
const LINE = 76

/** A submission with everything that belongs to it. */
export interface Carried {
  readonly submission: Submission
  readonly chunks: readonly Chunk[]
  /** How many files are attached to it. */
  readonly files: number
}

/**
 * Write a sealed file.
 *
 * @param submission - What would be posted.
 * @param chunks - Pieces of its sealed files, in the manifest's order.
 */
export function packSealedFile(submission: Submission, chunks: readonly Chunk[]): Blob {
  const parts = [HEAD, submission.body, ...chunks.map(({ data }) => data)]
  return new Blob(parts as BlobPart[], { type: "application/octet-stream" })
}

/** Write a sealed file as a text to copy. */
export function textOf(sealed: Uint8Array): string {
  const lines = base64.encode(sealed).match(new RegExp(`.{1,${LINE}}`, "g")) ?? []
  return `${[TEXT_HEAD, ...lines].join("\n")}\n`
}

/**
 * Read the text of a sealed file; messengers may have broken its lines anew.
 *
 * @throws {SealedFileInvalid} If it is no such text.
 */
export function blobOfText(text: string): Blob {
  const start = text.indexOf(TEXT_HEAD)
  if (start < 0) throw new SealedFileOfAnotherKind("no text")
  try {
    const rest = text.slice(start + TEXT_HEAD.length).replace(/\s/g, "")
    return new Blob([base64.decode(rest) as BlobPart])
  } catch {
    throw new SealedFileInvalid("base64")
  }
}

/** Tell whether a file holds such a text. */
export async function isText(file: Blob): Promise<boolean> {
  const beginning = await file.slice(0, 64).text()
  return beginning.trimStart().startsWith(TEXT_HEAD)
}

/**
 * Read a sealed file; its pieces stay where they are until they are sent.
 *
 * @param file - The file, or a text of one that was turned back by {@link blobOfText}.
 *
 * @throws {SealedFileCutOff} If its end is missing.
 * @throws {SealedFileInvalid} If it is anything else, or was changed.
 */
export async function openSealedFile(file: Blob): Promise<Carried> {
  let at = 0
  const take = (size: number): Blob => {
    if (at + size > file.size) throw new SealedFileCutOff("the end is missing")
    at += size
    return file.slice(at - size, at)
  }
  const head = await bytesOf(file.slice(0, HEAD.length))
  if (!HEAD.slice(0, head.length).every((byte, place) => byte === head[place])) {
    throw new SealedFileOfAnotherKind("another kind of file")
  }
  take(HEAD.length)
  const length = new DataView(await take(LENGTH).arrayBuffer()).getUint32(0)
  if (length === 0 || length > LONGEST_MANIFEST) throw new SealedFileInvalid("manifest")
  const text = await take(length).text()
  // A mark of byte order vanishes when a text is read.
  if (utf8ToBytes(text).length !== length) throw new SealedFileInvalid("manifest")
  const manifest = readManifest(text)
  const size = manifest.blobs.reduce((sum, blob) => sum + blob.size, 0)
  if (manifest.envelopeSize > LARGEST_ENVELOPE || size > LARGEST_FILES) {
    throw new SealedFileInvalid("too large")
  }
  const envelope = await bytesOf(take(manifest.envelopeSize))
  if (chunkName(envelope) !== manifest.envelopeSha256) throw new SealedFileInvalid("envelope")
  const chunks: Chunk[] = []
  for (const blob of manifest.blobs) chunks.push(...(await readBlob(blob, take)))
  if (at !== file.size) throw new SealedFileInvalid("bytes behind the end")
  const body = packSubmission(utf8ToBytes(text), envelope)
  return { submission: { id: submissionId(text), body }, chunks, files: manifest.blobs.length }
}

function readManifest(text: string): Manifest {
  try {
    return parseManifest(text)
  } catch (error) {
    throw error instanceof ManifestInvalid ? new SealedFileInvalid(error.message) : error
  }
}

async function readBlob(blob: SealedBlob, take: (size: number) => Blob): Promise<Chunk[]> {
  const whole = sha256.create()
  const chunks: Chunk[] = []
  for (const [place, name] of blob.chunks.entries()) {
    const data = take(Math.min(CHUNK_SIZE, blob.size - place * CHUNK_SIZE))
    const bytes = await bytesOf(data)
    if (chunkName(bytes) !== name) throw new SealedFileInvalid("chunk")
    whole.update(bytes)
    chunks.push({ name, data })
  }
  if (bytesToHex(whole.digest()) !== blob.sha256) throw new SealedFileInvalid("file")
  return chunks
}

async function bytesOf(blob: Blob): Promise<Uint8Array> {
  return new Uint8Array(await blob.arrayBuffer())
}
