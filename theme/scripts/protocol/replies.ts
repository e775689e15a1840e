/** Replies: signed by the Institution away from the portal, sealed for one mailbox. */

import { openSealed } from "./age.js"
import { ReplyInvalid } from "./errors.js"
import { isDate, readFields } from "./lines.js"
import { openNote, type VerifyKey } from "./notes.js"
import { parsePaddedJson } from "./padding.js"

const SEQUENCE = /^[1-9][0-9]{0,8}$/

/** A reply whose signature was checked. */
export interface Reply {
  /** Rises with every reply to the same mailbox. */
  readonly seq: number
  readonly date: string
  readonly status: string
  readonly text: string
  readonly lang: string
}

/**
 * Open and check a reply.
 *
 * @param sealed - The age file from the mailbox.
 * @param mailbox - Id and identity of the mailbox.
 * @param key - The Institution's key for replies, from the key list.
 *
 * @throws {ProtocolError} If it cannot be opened, is not signed by that key, or is for another mailbox.
 */
export async function openReply(
  sealed: Uint8Array,
  mailbox: { readonly id: string; readonly identity: string },
  key: VerifyKey,
): Promise<Reply> {
  const { note } = parsePaddedJson(await openSealed(sealed, mailbox.identity))
  if (typeof note !== "string") throw new ReplyInvalid("no note")
  const text = openNote(note, [key])
  const [id, seq, date = "", body = ""] =
    readFields(text, "reply", ["mailbox", "seq", "date", "body"]) ?? []
  if (id !== mailbox.id || !SEQUENCE.test(seq ?? "") || !isDate(date)) {
    throw new ReplyInvalid("not a reply to this mailbox")
  }
  return { seq: Number(seq), date, ...readBody(body) }
}

function readBody(json: string): { status: string; text: string; lang: string } {
  try {
    const { status, text, lang } = JSON.parse(json) as Record<string, unknown>
    if (typeof status === "string" && typeof text === "string" && typeof lang === "string") {
      return { status, text, lang }
    }
  } catch {
    // Falls through: broken JSON and missing parts are the same to the caller.
  }
  throw new ReplyInvalid("not a reply's body")
}
