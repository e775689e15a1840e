/** The key list: whom to seal for and whose signatures count, signed by two of three roots. */

import { parseRecipient } from "./age.js"
import { KeyListInvalid, KeyListRolledBack, type ProtocolError } from "./errors.js"
import { isDate, readFields } from "./lines.js"
import { openNote, parseVerifyKey, type VerifyKey } from "./notes.js"

const HEAD = ["deployment", "serial", "issued", "expires"]
const TAIL = ["receipts", "log", "replies", "letters", "prev"]
const FIXED_LINES = 1 + HEAD.length + TAIL.length
const DAY = 86_400_000
const SERIAL = /^[1-9][0-9]{0,8}$/
const HASH = /^[0-9a-f]{64}$/

/** A key list whose signatures were checked. */
export interface KeyList {
  readonly deployment: string
  readonly serial: number
  readonly issued: string
  readonly expires: string
  readonly recipients: readonly { readonly id: string; readonly text: string }[]
  readonly receipts: VerifyKey
  readonly log: VerifyKey
  readonly replies: VerifyKey
  readonly letters: VerifyKey
  readonly previous: string
}

/** What we knew before the list arrived. */
export interface KeyListExpected {
  readonly deployment: string
  readonly threshold?: number
  readonly minimumSerial?: number
}

/**
 * Check a key list.
 *
 * @param note - The signed note as fetched.
 * @param roots - The roots' keys, compiled into this script.
 * @param expected - Which deployment this is, how many roots must sign, the oldest serial allowed.
 *
 * @throws {ProtocolError} If the note is not signed by enough roots.
 * @throws {KeyListInvalid} If it is signed but is not a list for this deployment.
 * @throws {KeyListRolledBack} If it is older than the oldest allowed.
 */
export function openKeyList(
  note: string,
  roots: readonly VerifyKey[],
  { deployment, threshold = 2, minimumSerial = 0 }: KeyListExpected,
): KeyList {
  const list = parseKeyList(openNote(note, roots, threshold))
  if (list.deployment !== deployment) throw new KeyListInvalid("for another deployment")
  if (list.serial < minimumSerial) throw new KeyListRolledBack(`serial ${list.serial}`)
  return list
}

/**
 * Tell how long ago a key list ran out.
 *
 * @param list - The list.
 * @param today - The phone's idea of today, which may be wrong.
 *
 * @returns Whole days since the last day the list was good for; 0 while it is good.
 */
export function daysExpired(list: KeyList, today: string): number {
  const days = Math.round((Date.parse(today) - Date.parse(list.expires)) / DAY)
  return Math.max(0, days)
}

function parseKeyList(text: string): KeyList {
  const count = text.split("\n").length - 1 - FIXED_LINES
  const names = [...HEAD, ...Array<string>(Math.max(0, count)).fill("recipient"), ...TAIL]
  const values = readFields(text, "keys", names)
  if (!values || count < 1) throw new KeyListInvalid("not a key list")
  const [deployment = "", serial = "", issued = "", expires = ""] = values
  const [receipts = "", log = "", replies = "", letters = "", previous = ""] = values.slice(-5)
  if (!SERIAL.test(serial) || !isDate(issued) || !isDate(expires) || !HASH.test(previous)) {
    throw new KeyListInvalid("a line is wrong")
  }
  return {
    ...{ deployment, serial: Number(serial), issued, expires, previous },
    ...readKeys({ receipts, log, replies, letters }),
    recipients: values.slice(HEAD.length, -TAIL.length).map(readRecipient),
  }
}

function readRecipient(line: string): { id: string; text: string } {
  const [id = "", text = "", ...rest] = line.split(" ")
  if (!id || rest.length > 0) throw new KeyListInvalid("not a recipient")
  return { id, text: orInvalid(() => parseRecipient(text)) }
}

function readKeys<Name extends string>(texts: Record<Name, string>): Record<Name, VerifyKey> {
  const keys = {} as Record<Name, VerifyKey>
  for (const name in texts) keys[name] = orInvalid(() => parseVerifyKey(texts[name]))
  return keys
}

function orInvalid<Value>(read: () => Value): Value {
  try {
    return read()
  } catch (cause) {
    throw new KeyListInvalid((cause as ProtocolError).message)
  }
}
