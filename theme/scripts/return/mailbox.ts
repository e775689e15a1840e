/** A mailbox: fetched with a token, opened and checked on this phone. */

import { base64, base64urlnopad } from "@scure/base"

import { ask, readJson } from "../page/requests.js"
import type { Mailbox } from "../protocol/derivation.js"
import type { VerifyKey } from "../protocol/notes.js"
import { openReply, type Reply } from "../protocol/replies.js"

/** What the server handed out, and what of it is from the Institution. */
export interface Messages {
  /** Checked replies, oldest first. */
  readonly replies: readonly Reply[]
  /** How many were forged, broken or for somebody else. Their content is never shown. */
  readonly rejected: number
  /** Numbers under which the server keeps all of them. */
  readonly numbers: readonly number[]
}

interface Stored {
  readonly n: number
  readonly data: string
}

/**
 * Fetch the messages of a mailbox and check each.
 *
 * @param api - Address of the portal's API.
 * @param mailbox - The mailbox. One that nobody ever wrote to is simply empty.
 * @param key - The Institution's key for replies.
 */
export async function readMailbox(
  api: string,
  mailbox: Mailbox,
  key: VerifyKey,
): Promise<Messages> {
  const answer = await ask(`${api}/v1/mailbox`, { headers: authorization(mailbox) })
  const { messages } = readJson(answer) as { messages: Stored[] }
  const replies = new Map<number, Reply>()
  let rejected = 0
  for (const { data } of messages) {
    const reply = await openOrNull(data, mailbox, key)
    const known = reply && replies.get(reply.seq)
    // The same number twice with different words: one of them is not what it says.
    if (!reply || (known && JSON.stringify(known) !== JSON.stringify(reply))) rejected += 1
    else replies.set(reply.seq, reply)
  }
  const sorted = Array.from(replies.values()).sort((a, b) => a.seq - b.seq)
  return { replies: sorted, rejected, numbers: messages.map(({ n }) => n) }
}

/** Delete messages from a mailbox. */
export async function deleteMessages(
  api: string,
  mailbox: Mailbox,
  numbers: readonly number[],
): Promise<void> {
  for (const number of numbers) {
    const request = { method: "DELETE", headers: authorization(mailbox) }
    await ask(`${api}/v1/mailbox/${number}`, request)
  }
}

function authorization({ token }: Mailbox): Record<string, string> {
  return { Authorization: `Mailbox ${base64urlnopad.encode(token)}` }
}

async function openOrNull(data: string, mailbox: Mailbox, key: VerifyKey): Promise<Reply | null> {
  try {
    return await openReply(base64.decode(data), mailbox, key)
  } catch {
    return null
  }
}
