/** Receipts: the portal's signed word that a submission is safely stored. */

import { ReceiptInvalid } from "./errors.js"
import { isDate, readFields } from "./lines.js"
import { openNote, type VerifyKey } from "./notes.js"

/** A receipt whose signature was checked. */
export interface Receipt {
  readonly submission: string
  readonly date: string
  /** The day by which the submission must be in the public log. */
  readonly logBy: string
}

/**
 * Check a receipt.
 *
 * @param note - The signed note.
 * @param key - The portal's receipt key, from the key list.
 * @param submission - Id of what was sent; a receipt for anything else is none.
 *
 * @throws {ProtocolError} If the note is not signed by that key.
 * @throws {ReceiptInvalid} If it is a receipt for something else.
 */
export function openReceipt(note: string, key: VerifyKey, submission: string): Receipt {
  const fields = readFields(openNote(note, [key]), "receipt", ["submission", "date", "log-by"])
  const [id = "", date = "", logBy = ""] = fields ?? []
  if (id !== submission || !isDate(date) || !isDate(logBy)) {
    throw new ReceiptInvalid("not a receipt for this submission")
  }
  return { submission: id, date, logBy }
}
