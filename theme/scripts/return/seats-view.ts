/** Seats at meetings: what somebody has, and giving it back. */

import { button, make } from "../page/elements.js"
import { giveSeatBack, lookAtSeat, type Seat, seatView } from "../page/seats.js"
import type { Texts } from "../page/texts.js"
import type { Mailbox } from "../protocol/derivation.js"

/** A meeting at which somebody may have a seat. */
export interface Meeting {
  readonly id: string
  readonly name: string
}

/** What the view needs. */
export interface SeatsView {
  /** Sentences of the return page after the code was typed. */
  readonly texts: Texts
  readonly api: string
  readonly mailbox: Mailbox
  readonly meetings: readonly Meeting[]
}

/**
 * Look up the seats of a code, and lay out those that there are.
 *
 * Every meeting is asked for, whatever the code: how many requests there are tells nothing.
 */
export async function seatsView(view: SeatsView): Promise<HTMLElement> {
  const { texts, api, mailbox, meetings } = view
  const place = make("section", { class: "messages__seats", "data-seats": "" })
  try {
    const seats = await Promise.all(meetings.map(({ id }) => lookAtSeat(api, id, mailbox.proof)))
    const own = seats.map((seat, number) => seatCard(view, meetings[number], seat))
    const found = own.filter((card): card is HTMLElement => card !== null)
    if (found.length > 0) place.append(make("h2", {}, texts.say("seat.title")), ...found)
  } catch {
    place.append(make("p", { role: "status" }, texts.say("seat.unknown")))
  }
  return place
}

function seatCard(view: SeatsView, meeting: Meeting | undefined, seat: Seat): HTMLElement | null {
  if (!meeting || seat.mine === "none") return null
  const { texts } = view
  const title = make("h3", { tabindex: "-1" }, meeting.name)
  const card = make("article", { class: "message", "data-seat": meeting.id }, title)
  card.append(...seatView(texts, seat), givingBack(view, meeting, seat, card))
  return card
}

/** Giving back asks once more: somebody else gets the seat at once. */
function givingBack(
  { texts, api, mailbox }: SeatsView,
  meeting: Meeting,
  { mine }: Seat,
  card: HTMLElement,
): HTMLElement {
  const place = make("div", { class: "messages__removal" })
  const said = (key: string) => make("p", { role: "status" }, texts.say(`seat.${key}`))
  const [sure, does] = mine === "waiting" ? ["sure_place", "leave"] : ["sure", "yes"]
  const offer = () =>
    place.replaceChildren(button(texts.say("seat.give_back"), confirm, "button--quiet"))
  const confirm = () => {
    const yes = button(texts.say(`seat.${does}`), () => void run())
    const no = button(texts.say("seat.no"), offer, "button--quiet")
    place.replaceChildren(said(sure), yes, no)
    no.focus()
  }
  const run = async () => {
    place.replaceChildren(said("now"))
    try {
      await giveSeatBack(api, meeting.id, mailbox.proof)
    } catch {
      offer()
      place.prepend(said("failed"))
      return
    }
    card.removeAttribute("data-seat")
    card.replaceChildren(make("h3", {}, meeting.name), said("given"))
  }
  offer()
  return place
}
