/** Sending sealed bytes over a line that may break at any moment. */

import { spendPass, withPass } from "../page/passes.js"
import { ask, askWithJson, put, Refused } from "../page/requests.js"
import type { Chunk } from "../protocol/chunks.js"
import { ReceiptInvalid } from "../protocol/errors.js"
import type { VerifyKey } from "../protocol/notes.js"
import { openReceipt, type Receipt } from "../protocol/receipts.js"
import type { Patience } from "./patience.js"
import type { SealedDraft } from "./sealing.js"

/** What has left is not there before the portal says so. */
const LEFT = 0.99
/** A checked receipt, and the note that it was read from. */
export interface SignedReceipt extends Receipt {
  readonly note: string
}

/** What has arrived, on whatever way; only the portal's network signs it at once. */
export type Arrived = Receipt & { readonly note?: string }

const BYTES = { "Content-Type": "application/octet-stream" }

/** How to send. */
export interface Line {
  /** Address of the portal's API. */
  readonly api: string
  readonly patience: Patience
  /** Told how much has arrived: of all pieces, from 0 to 1, and of each piece. */
  readonly onProgress: (share: number, arrived: readonly number[]) => void
}

/** What can be sent. */
type Sendable = Pick<SealedDraft, "submission" | "chunks">

/**
 * Send until it has arrived.
 *
 * Every try sends the same bytes under the same name, so a repeat does no harm.
 *
 * @param sealed - What to send.
 * @param key - Key that receipts are signed with.
 * @param line - How to send.
 *
 * @returns The checked receipt.
 *
 * @throws {Refused} If the portal says no, for instance because its keys changed meanwhile.
 * @throws {ProtocolError} If the answer is not a receipt for what was sent.
 */
export async function sendSealed(
  sealed: Sendable,
  key: VerifyKey,
  line: Line,
): Promise<SignedReceipt> {
  const { id, body } = sealed.submission
  for (;;) {
    await line.patience.until(() => sendMissing(sealed.chunks, line))
    try {
      const note = await line.patience.until(() => postSubmission(body, line.api))
      spendPass(line.api)
      return checkReceipt(note, key, id)
    } catch (error) {
      // Pieces that waited too long for their envelope are gone: send them again.
      if (!(error instanceof Refused && error.code === "chunk_missing")) throw error
    }
  }
}

/** Ask what has not arrived and send that. After a cut the question is asked anew. */
async function sendMissing(chunks: readonly Chunk[], line: Line): Promise<void> {
  if (chunks.length === 0) return
  const { api, patience } = line
  const names = chunks.map(({ name }) => name)
  const answer = await askWithJson(`${api}/v1/chunks/missing`, names)
  const missing = new Set(answer as string[])
  const arrived = chunks.map(({ name }): number => (missing.has(name) ? 0 : 1))
  const sizes = chunks.map(({ data }) => data.size)
  const total = sum(sizes)
  const tell = (index: number, share: number) => {
    arrived[index] = share
    patience.worked()
    line.onProgress(sum(sizes.map((size, at) => size * (arrived[at] ?? 0))) / total, arrived)
  }
  tell(0, arrived[0] ?? 0)
  for (const [index, { name, data }] of chunks.entries()) {
    if (!missing.delete(name)) continue
    // A piece on its way still arrives when somebody pauses: to cut it off would send it twice.
    await patience.turn()
    const left = (share: number) => tell(index, Math.min(share, LEFT))
    await withPass(api, (pass) =>
      put(`${api}/v1/chunks/${name}`, data, { headers: { ...BYTES, ...pass }, onShare: left }),
    )
    tell(index, 1)
  }
}

function sum(numbers: readonly number[]): number {
  return numbers.reduce((total, number) => total + number, 0)
}

function postSubmission(body: Uint8Array, api: string): Promise<string> {
  return withPass(api, (pass) => {
    const request = { method: "POST", body: body as BodyInit, headers: { ...BYTES, ...pass } }
    return ask(`${api}/v1/submissions`, request)
  })
}

/** Whatever is wrong with it: without a receipt we may not say that anything arrived. */
function checkReceipt(note: string, key: VerifyKey, id: string): SignedReceipt {
  try {
    return { ...openReceipt(note, key, id), note }
  } catch (error) {
    throw new ReceiptInvalid(String(error))
  }
}
