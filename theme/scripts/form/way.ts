/** How a sealed form leaves a page: over the network, or as a file where there is none. */

import { slowHash } from "../page/argon2.js"
import { fetchKeyList } from "../page/keys.js"
import { preparePass } from "../page/passes.js"
import { giveSeatBack, type Seat, takeSeat } from "../page/seats.js"
import type { SlowHash } from "../protocol/derivation.js"
import type { KeyList } from "../protocol/key-list.js"
import type { Finishing } from "./finishing.js"
import type { Finished } from "./received.js"
import type { SealedDraft } from "./sealing.js"
import { type Arrived, type Line, sendSealed } from "./sending.js"

/** What sealing and sending need from outside the page. */
export interface Way {
  /** Begin what takes long, as soon as somebody starts to fill the form. */
  prepare?(api: string): void
  /** The checked key list; of at least this serial, if one is given. */
  keys(api: string, minimumSerial?: number): Promise<KeyList>
  slowHash(): Promise<SlowHash>
  /** Seats at meetings, where they can be asked for. */
  readonly seats?: Seats
  readonly again?: Again
  send(sealed: SealedDraft, keys: KeyList, line: Line): Promise<Arrived>
  /** Shows what arrived, or waits, in place of the form; nothing when somebody writes again. */
  show?(finishing: Finishing, finished: Finished): HTMLElement
  /** What the page after sending says. */
  finished(code: string, receipt: Arrived): Finished
}

/** Writing again: under a code that the person has already, which is not shown once more. */
export interface Again {
  readonly code: string
  /** It has arrived: the page says what was received. */
  received(): void
}

/** Taking a seat at a meeting with the proof of a code, and giving it back. */
export interface Seats {
  take(api: string, meeting: string, proof: string): Promise<Seat>
  giveBack(api: string, meeting: string, proof: string): Promise<Seat>
}

/** The way over the network; the page of a form adds what it shows afterwards. */
export const NETWORK: Way = {
  prepare: preparePass,
  keys: fetchKeyList,
  slowHash,
  seats: { take: takeSeat, giveBack: giveSeatBack },
  send: (sealed, { receipts }, line) => sendSealed(sealed, receipts, line),
  finished: (code, { note = "", ...receipt }) => ({
    ...{ code, day: receipt.date, how: "received" },
    receipt: { ...receipt, note },
  }),
}
