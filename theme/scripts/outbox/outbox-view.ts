/** The line that says, on every page, what waits on this phone: not sent yet, or sent. */

import { makePatience } from "../form/patience.js"
import { sendSealed } from "../form/sending.js"
import { button, make } from "../page/elements.js"
import { fetchKeyList } from "../page/keys.js"
import { Refused, Unreachable } from "../page/requests.js"
import { dayInWords, type Texts } from "../page/texts.js"
import { allWaiting, forgetWaiting, type Waiting } from "./store.js"

const RECEIPT_DIGITS = 8

/**
 * Show on top of the page everything that waits, if anything does.
 *
 * @param texts - Sentences of `outbox`.
 */
export async function showOutbox(texts: Texts): Promise<void> {
  const views = (await allWaiting()).map((one) => outboxView(one, texts))
  document.querySelector("main")?.prepend(...views)
}

/**
 * Show one submission that waits, and send it when there is network or when somebody says so.
 *
 * @param waiting - What waits.
 * @param texts - Sentences of `outbox`.
 */
export function outboxView(waiting: Waiting, texts: Texts): HTMLElement {
  const state = make("p", { role: "status", "data-outbox-state": "" })
  const buttons = make("p", { class: "received__buttons" })
  const element = make("section", { class: "notice notice--strong", "data-outbox": "" })
  element.append(state, buttons)
  let sending = false

  const say = (name: string, values = {}) => {
    element.dataset.outbox = name
    state.textContent = texts.say(name, values)
  }
  const send = async () => {
    if (sending) return
    sending = true
    say("sending")
    try {
      const day = await deliverWaiting(waiting)
      say("sent", {
        day: dayInWords(day, texts.lang),
        receipt: waiting.id.slice(0, RECEIPT_DIGITS),
      })
      buttons.replaceChildren()
    } catch (error) {
      say(error instanceof Unreachable ? "not_sent" : reasonOf(error), notSent())
    } finally {
      sending = false
    }
  }
  const remove = async () => {
    await forgetWaiting(waiting.id)
    say("deleted")
    buttons.replaceChildren()
  }
  const notSent = () => ({ day: dayInWords(waiting.day, texts.lang) })

  buttons.append(
    button(texts.say("send_now"), () => void send()),
    button(texts.say("delete"), () => void remove(), "button--quiet"),
  )
  say("not_sent", notSent())
  addEventListener("online", () => void send())
  void send()
  return element
}

/** Send what waits; it is forgotten here once the portal has said in writing that it has it. */
async function deliverWaiting(waiting: Waiting): Promise<string> {
  const { id, body, chunks, api } = waiting
  const keys = await fetchKeyList(api)
  // One try: the next comes with the network, the next page, or a press of the button.
  const patience = {
    ...makePatience(() => {}),
    until: <Result>(attempt: () => Promise<Result>) => attempt(),
  }
  const line = { api, patience, onProgress: () => {} }
  const receipt = await sendSealed({ submission: { id, body }, chunks }, keys.receipts, line)
  await forgetWaiting(id)
  return receipt.date
}

function reasonOf(error: unknown): string {
  return error instanceof Refused ? "refused" : "unsure"
}
