/** The whole way of one submission: code, keys, sealing, sending, receipt. */

import { today } from "../page/keys.js"
import { Refused } from "../page/requests.js"
import { deriveMailbox } from "../protocol/derivation.js"
import { daysExpired } from "../protocol/key-list.js"
import type { Receipt } from "../protocol/receipts.js"
import { newCode } from "../protocol/return-code.js"
import type { Draft, SealedDraft, Sealer } from "./sealing.js"
import type { Line } from "./sending.js"
import { NETWORK, type Way } from "./way.js"

const MOST_KEY_CHANGES = 3

/** What is happening, for the person who waits. */
export type Stage = "keys" | "code" | "sealing" | "sending"

/** A submission that has arrived. */
export interface Delivered {
  readonly code: string
  readonly receipt: Receipt
}

/** How to deliver. */
export interface Delivery extends Line {
  readonly deployment: string
  /** The network, unless another way is given. */
  readonly way?: Way
  readonly sealer: Sealer
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
 * @returns The return code and the checked receipt.
 */
export async function deliver(draft: Draft, delivery: Delivery): Promise<Delivered> {
  const { api, deployment, patience, sealer, onStage, way = NETWORK } = delivery
  onStage("keys")
  let keys = await patience.until(() => way.keys(api))
  if (daysExpired(keys, today()) > 0) delivery.onOldKeys()
  onStage("code")
  const code = newCode()
  const mailbox = await deriveMailbox(code, deployment, await patience.until(way.slowHash))
  for (let changes = 0; ; changes += 1) {
    onStage("sealing")
    const sealed = await sealer.seal(draft, mailbox, keys, (file) => onStage("sealing", file))
    delivery.onSealed(sealed, code)
    onStage("sending")
    try {
      return { code, receipt: await way.send(sealed, keys, delivery) }
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
