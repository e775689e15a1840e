/** Sending sealed bytes over a line that may break at any moment. */

import { spendPass, withPass } from "../page/passes.js"
import { ask, askWithJson, Refused } from "../page/requests.js"
import type { Chunk } from "../protocol/chunks.js"
import { ReceiptInvalid } from "../protocol/errors.js"
import type { VerifyKey } from "../protocol/notes.js"
import { openReceipt, type Receipt } from "../protocol/receipts.js"
import type { Patience } from "./patience.js"
import type { SealedDraft } from "./sealing.js"

const BYTES = { "Content-Type": "application/octet-stream" }

/** How to send. */
export interface Line {
  /** Address of the portal's API. */
  readonly api: string
  readonly patience: Patience
  /** Told how much of the photos has arrived, from 0 to 1. */
  readonly onProgress: (share: number) => void
}

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
  sealed: SealedDraft,
  key: VerifyKey,
  line: Line,
): Promise<Receipt> {
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
  const names = chunks.map(({ name }) => name)
  const answer = await askWithJson(`${line.api}/v1/chunks/missing`, names)
  const missing = new Set(answer as string[])
  let arrived = chunks.length - missing.size
  const tell = () => {
    line.patience.worked()
    line.onProgress(arrived / chunks.length)
  }
  tell()
  for (const { name, data } of chunks) {
    if (!missing.delete(name)) continue
    await withPass(line.api, (pass) => {
      const request = { method: "PUT", body: data, headers: { ...BYTES, ...pass } }
      return ask(`${line.api}/v1/chunks/${name}`, request)
    })
    arrived += 1
    tell()
  }
}

function postSubmission(body: Uint8Array, api: string): Promise<string> {
  return withPass(api, (pass) => {
    const request = { method: "POST", body: body as BodyInit, headers: { ...BYTES, ...pass } }
    return ask(`${api}/v1/submissions`, request)
  })
}

/** Whatever is wrong with it: without a receipt we may not say that anything arrived. */
function checkReceipt(note: string, key: VerifyKey, id: string): Receipt {
  try {
    return openReceipt(note, key, id)
  } catch (error) {
    throw new ReceiptInvalid(String(error))
  }
}
