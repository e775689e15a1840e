/** Messages to read: who answered is certain, what could not be checked is not shown. */

import { button, make } from "../page/elements.js"
import { dayInWords, type Texts } from "../page/texts.js"
import type { Reply } from "../protocol/replies.js"
import type { Messages } from "./mailbox.js"

const STATUSES = ["received", "review", "answer", "action"]

/** What can be done with messages. */
export interface MessageActions {
  readonly remove: () => Promise<void>
  readonly forget: () => void
}

/** Lay out messages, oldest first. */
export function messagesView(
  texts: Texts,
  messages: Messages,
  actions: MessageActions,
): HTMLElement {
  const { replies, rejected, numbers } = messages
  const count = replies.length
  const title = count > 0 ? texts.count("return.title", count) : texts.say("return.none.title")
  const view = make("section", { class: "messages" }, make("h2", { tabindex: "-1" }, title))
  if (rejected > 0) {
    view.append(make("p", { class: "messages__warning" }, texts.count("return.rejected", rejected)))
  }
  if (count === 0) view.append(make("p", {}, texts.say("return.none.text")))
  view.append(...replies.map((reply) => messageView(texts, reply)))
  view.append(make("p", { class: "messages__money" }, texts.say("return.money")))
  if (numbers.length > 0) view.append(removal(texts, actions.remove))
  const forget = button(texts.say("return.forget"), actions.forget, "button--quiet")
  forget.setAttribute("data-forget", "")
  view.append(forget)
  return view
}

function messageView(texts: Texts, { date, status, text, lang }: Reply): HTMLElement {
  const known = STATUSES.includes(status) ? status : "other"
  return make(
    "article",
    { class: `message message--${known}`, "data-message": "" },
    make("h3", { class: "message__status" }, texts.say(`return.status.${known}`)),
    make("time", { datetime: date, class: "message__date" }, dayInWords(date, texts.lang)),
    make("p", { class: "message__text", lang, dir: "auto" }, text),
  )
}

/** Deleting asks once more, on the page: what is deleted here cannot be had again. */
function removal(texts: Texts, remove: () => Promise<void>): HTMLElement {
  const place = make("div", { class: "messages__removal" })
  const said = (key: string) => make("p", { role: "status" }, texts.say(key))
  const offer = () =>
    place.replaceChildren(button(texts.say("return.delete.offer"), confirm, "button--quiet"))
  const confirm = () => {
    const yes = button(texts.say("return.delete.yes"), () => void run())
    const no = button(texts.say("return.delete.no"), offer, "button--quiet")
    place.replaceChildren(said("return.delete.sure"), yes, no)
    no.focus()
  }
  const run = async () => {
    place.replaceChildren(said("return.delete.now"))
    await remove().catch(() => {
      offer()
      place.prepend(said("return.delete.failed"))
    })
  }
  offer()
  return place
}
