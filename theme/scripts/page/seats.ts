/** Seats at meetings: taken, asked for and given back with a token that says nothing about who. */

import { base64urlnopad } from "@scure/base"

import { seatToken } from "../protocol/seats.js"
import { make } from "./elements.js"
import { withPass } from "./passes.js"
import { ask, readJson } from "./requests.js"
import type { Texts } from "./texts.js"

/** What somebody has at a meeting. */
export interface Seat {
  readonly registration: "open" | "waiting" | "closed"
  readonly mine: "held" | "waiting" | "none"
  /** Place on the waiting list, from 1. */
  readonly place: number
}

/**
 * Take a seat, or a place on the waiting list; asking again changes nothing.
 *
 * @param api - Address of the portal's API.
 * @param meeting - Id of the meeting.
 * @param proof - The thread's proof, in hex.
 *
 * @throws {Refused} If one cannot register (any more).
 */
export function takeSeat(api: string, meeting: string, proof: string): Promise<Seat> {
  return withPass(api, (pass) => askForSeat(api, meeting, proof, { method: "PUT", headers: pass }))
}

/** Tell what there is for a code. */
export function lookAtSeat(api: string, meeting: string, proof: string): Promise<Seat> {
  return askForSeat(api, meeting, proof, {})
}

/** Give a seat or a place back; asking again changes nothing. */
export function giveSeatBack(api: string, meeting: string, proof: string): Promise<Seat> {
  return askForSeat(api, meeting, proof, { method: "DELETE" })
}

/** Say what somebody has; nothing if they have nothing. */
export function seatView(texts: Texts, { mine, place }: Seat): HTMLElement[] {
  if (mine === "none") return []
  const keys = mine === "waiting" ? [mine, "moves_up", "where"] : [mine, "where"]
  return keys.map((key) => make("p", {}, texts.say(`seat.${key}`, { place })))
}

async function askForSeat(
  api: string,
  meeting: string,
  proof: string,
  { headers, ...request }: { method?: string; headers?: Record<string, string> },
): Promise<Seat> {
  const token = base64urlnopad.encode(seatToken(proof, meeting))
  const shown = { ...headers, Authorization: `Seat ${token}` }
  const url = `${api}/v1/seats/${encodeURIComponent(meeting)}`
  return readJson(await ask(url, { ...request, headers: shown })) as Seat
}
