/** Attached files: padded, sealed as a stream, cut into chunks; never whole in memory. */

import { sha256 } from "@noble/hashes/sha2.js"
import { bytesToHex } from "@noble/hashes/utils.js"

import { sealStream } from "./age.js"
import { type Chunk, chunkName, cutIntoChunks } from "./chunks.js"
import type { SealedBlob } from "./manifest.js"
import { paddedFileSize } from "./padding.js"

const PORTION = 65_536

/** What was done to a file before it was sealed. */
export type Processing = "none" | "reencode" | "strip" | "record"

/** A file as the envelope describes it. */
export interface AttachedFile {
  readonly name: string
  readonly mime: string
  readonly size: number
  readonly sha256: string
  readonly processing: Processing
  readonly blob: SealedBlob
}

/** A file to be sealed. */
export interface FileToSeal {
  readonly name: string
  readonly mime: string
  readonly processing: Processing
  readonly content: Blob
}

/** A sealed file: its description for the envelope, and the pieces to upload. */
export interface SealedFile {
  readonly file: AttachedFile
  readonly chunks: readonly Chunk[]
}

/**
 * Seal a file.
 *
 * @param file - The file.
 * @param recipients - Hybrid recipients, the same as the envelope's.
 */
export async function sealFile(
  { name, mime, processing, content }: FileToSeal,
  recipients: readonly string[],
): Promise<SealedFile> {
  const plain = sha256.create()
  const whole = sha256.create()
  const chunks: Chunk[] = []
  let size = 0

  const sealed = await sealStream(padded(content, plain), recipients)
  await cutIntoChunks(sealed, (piece) => {
    whole.update(piece)
    size += piece.length
    chunks.push({ name: chunkName(piece), data: new Blob([piece as BlobPart]) })
  })
  const blob = {
    sha256: bytesToHex(whole.digest()),
    size,
    chunks: chunks.map((chunk) => chunk.name),
  }
  const hash = bytesToHex(plain.digest())
  return { file: { name, mime, size: content.size, sha256: hash, processing, blob }, chunks }
}

function padded(
  content: Blob,
  hash: { update(data: Uint8Array): unknown },
): ReadableStream<Uint8Array> {
  const total = paddedFileSize(content.size)
  let sent = 0
  return new ReadableStream<Uint8Array>({
    async pull(controller) {
      const end = Math.min(sent + PORTION, total)
      const real = new Uint8Array(await content.slice(sent, end).arrayBuffer())
      hash.update(real)
      const portion = new Uint8Array(end - sent)
      portion.set(real)
      controller.enqueue(portion)
      sent = end
      if (sent === total) controller.close()
    },
  })
}
