/** The whole way of one submission: code, keys, sealing, sending, receipt. */

import { today } from "../page/keys.js"
import { Refused } from "../page/requests.js"
import type { Seat } from "../page/seats.js"
import { deriveMailbox, type Mailbox } from "../protocol/derivation.js"
import { daysExpired, type KeyList } from "../protocol/key-list.js"
import { newCode } from "../protocol/return-code.js"
import { meetingOf } from "./meeting.js"
import { GivenUp } from "./patience.js"
import type { Draft, SealedDraft, Sealer } from "./sealing.js"
import type { Arrived, Line } from "./sending.js"
import type { Way } from "./way.js"

const MOST_KEY_CHANGES = 3

/** What is happening, for the person who waits. */
export type Stage = "keys" | "code" | "sealing" | "sending"

/** A submission that has arrived. */
export interface Delivered {
  readonly code: string
  readonly receipt: Arrived
  /** What the person has at the meeting that the form registers for. */
  readonly seat: Seat | null
}

/** How to deliver. */
export interface Delivery extends Line {
  readonly deployment: string
  readonly way: Way
  readonly sealer: Sealer
  /** A return code that the person has already; without it a new one is made. */
  readonly code: string | null
  /** Told when a stage begins; while sealing, with the number of the file. */
  readonly onStage: (stage: Stage, file?: number) => void
  /** Told what is sealed before it is sent: it could also wait on this phone. */
  readonly onSealed: (sealed: SealedDraft, code: string) => void
  /** Told if the key list ran out some days ago, which may be the phone's clock. */
  readonly onOldKeys: () => void
}

/**
 * Deliver a draft.
 *
 * @param draft - What to send.
 * @param delivery - How, and whom to tell.
 *
 * @returns The return code, the checked receipt and the seat if one was asked for.
 *
 * @throws {MeetingClosed} If one cannot register for the meeting (any more).
 */
export async function deliver(draft: Draft, delivery: Delivery): Promise<Delivered> {
  const { api, deployment, patience, onStage, way } = delivery
  onStage("keys")
  const keys = await patience.until(() => way.keys(api))
  if (daysExpired(keys, today()) > 0) delivery.onOldKeys()
  onStage("code")
  const code = delivery.code ?? newCode()
  const mailbox = await deriveMailbox(code, deployment, await patience.until(way.slowHash))
  const meeting = meetingOf(draft, way, mailbox.proof)
  // Before sealing: whoever comes too late learns it while the form is still open.
  const seat = meeting ? await patience.until(() => meeting.take(api)) : null
  try {
    return { code, seat, receipt: await sendFor(mailbox, { draft, keys, code, delivery }) }
  } catch (error) {
    // Without its registration the seat would only keep others away, and this person's next try.
    if (meeting && !(error instanceof GivenUp)) await meeting.giveBack(api).catch(() => {})
    throw error
  }
}

interface Sending {
  readonly draft: Draft
  readonly keys: KeyList
  readonly code: string
  readonly delivery: Delivery
}

async function sendFor(mailbox: Mailbox, sending: Sending): Promise<Arrived> {
  const { draft, code, delivery } = sending
  const { api, patience, sealer, onStage, way } = delivery
  let { keys } = sending
  for (let changes = 0; ; changes += 1) {
    onStage("sealing")
    const sealed = await sealer.seal(draft, mailbox, keys, (file) => onStage("sealing", file))
    delivery.onSealed(sealed, code)
    onStage("sending")
    try {
      return await way.send(sealed, keys, delivery)
    } catch (error) {
      const outdated = error instanceof Refused && error.code === "keys_outdated"
      if (!outdated || changes === MOST_KEY_CHANGES) throw error
    }
    // The recipients changed while the form was open: the same words, sealed for the new ones. The
    // portal takes no file that is sealed for the old ones either.
    sealer.forget()
    const { serial } = keys
    keys = await patience.until(() => way.keys(api, serial))
  }
}
