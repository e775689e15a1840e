/** What to say when a form could not be sent. Everything written is still there. */

import type { PageContext } from "../page/page-data.js"
import { Refused } from "../page/requests.js"
import {
  EnvelopeInvalid,
  KeyListExpired,
  ProtocolError,
  ReceiptInvalid,
} from "../protocol/errors.js"

const REFUSAL_PARTS = ["happened", "do", "kept"]

/**
 * Put a failure into sentences: what happened, what to do, what is kept.
 *
 * @param error - What was thrown.
 * @param page - The page with its sentences.
 */
export function failureSentences(error: unknown, { texts, errors }: PageContext): string[] {
  if (error instanceof Refused) {
    const known = [error.code, "unknown"].find((code) => errors.list(code).length > 0)
    if (known) return REFUSAL_PARTS.map((part) => errors.say(`${known}.${part}`))
  }
  return texts.list(`failed.${failureKey(error)}`)
}

function failureKey(error: unknown): string {
  if (error instanceof EnvelopeInvalid) return "too_long"
  if (error instanceof KeyListExpired) return "keys_expired"
  if (error instanceof ReceiptInvalid) return "receipt"
  if (error instanceof ProtocolError) return "keys"
  return "unknown"
}
