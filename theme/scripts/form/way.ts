/** How a sealed form leaves a page: over the network, or as a file where there is none. */

import { slowHash } from "../page/argon2.js"
import { fetchKeyList } from "../page/keys.js"
import { preparePass } from "../page/passes.js"
import type { SlowHash } from "../protocol/derivation.js"
import type { KeyList } from "../protocol/key-list.js"
import type { Receipt } from "../protocol/receipts.js"
import type { Finished } from "./received.js"
import type { SealedDraft } from "./sealing.js"
import { type Line, sendSealed } from "./sending.js"

/** What sealing and sending need from outside the page. */
export interface Way {
  /** Begin what takes long, as soon as somebody starts to fill the form. */
  prepare?(api: string): void
  /** The checked key list; of at least this serial, if one is given. */
  keys(api: string, minimumSerial?: number): Promise<KeyList>
  slowHash(): Promise<SlowHash>
  send(sealed: SealedDraft, keys: KeyList, line: Line): Promise<Receipt>
  /** What the page after sending says. */
  finished(code: string, receipt: Receipt): Finished
}

/** The way of the site. */
export const NETWORK: Way = {
  prepare: preparePass,
  keys: fetchKeyList,
  slowHash,
  send: (sealed, { receipts }, line) => sendSealed(sealed, receipts, line),
  finished: (code, { date }) => ({ code, day: date, how: "received" }),
}
