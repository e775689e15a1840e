/** The return page: from the code on paper to the answers. */

import { slowHash } from "../page/argon2.js"
import { goTo, make, need } from "../page/elements.js"
import { fetchKeyList } from "../page/keys.js"
import type { PageContext } from "../page/page-data.js"
import { Unreachable } from "../page/requests.js"
import { deriveMailbox, type Mailbox } from "../protocol/derivation.js"
import {
  KeyListExpired,
  ProtocolError,
  ReturnCodeCheck,
  ReturnCodeInvalid,
} from "../protocol/errors.js"
import { parseCode } from "../protocol/return-code.js"
import { codeEntry } from "./code-entry.js"
import { deleteMessages, readMailbox } from "./mailbox.js"
import { messagesView } from "./messages-view.js"
import { seatsView } from "./seats-view.js"
import { type Written, writeAgain } from "./write-again.js"

/**
 * Turn an element into the place where answers are read.
 *
 * @param place - The element; what is in it is replaced.
 * @param page - The page with its data.
 */
export function returnPage(place: HTMLElement, page: PageContext): void {
  const { api, deployment, meetings = [] } = page.data
  const { texts } = page
  const answers = make("div", { class: "return__answers", "data-messages": "" })
  const entry = codeEntry(texts, open)
  let writing: Written | undefined
  place.replaceChildren(entry.form, answers)

  async function open(typed: string): Promise<void> {
    try {
      const code = parseCode(typed) // Before any request: a slip of the pen stays on the phone.
      entry.busy(true)
      const keys = await fetchKeyList(api)
      const mailbox = await deriveMailbox(code, deployment, await slowHash())
      await show(code, mailbox, () => readMailbox(api, mailbox, keys.replies))
    } catch (error) {
      entry.complain(texts.say(`return.failed.${failureKey(error)}`))
    } finally {
      entry.busy(false)
    }
  }

  async function show(code: string, mailbox: Mailbox, read: () => ReturnType<typeof readMailbox>) {
    const messages = await read()
    const remove = async () => {
      await deleteMessages(api, mailbox, messages.numbers)
      await show(code, mailbox, read)
    }
    const again = async () => await show(code, mailbox, read)
    const view = messagesView(texts, messages, { remove, forget })
    const told = { texts: page.again, api, mailbox, meetings }
    const back = () => void again().catch(forget)
    const seats = await seatsView(told)
    writing?.end()
    writing = writeAgain({ page, texts: page.again, code, back })
    need(view, "[data-forget]").before(seats, writing.element)
    answers.replaceChildren(view)
    entry.form.hidden = true
    goTo(need(answers, "h2"))
  }

  function forget(): void {
    writing?.end()
    answers.replaceChildren()
    entry.form.reset()
    entry.form.hidden = false
    goTo(need(entry.form, "input"))
  }
}

function failureKey(error: unknown): string {
  if (error instanceof ReturnCodeCheck) return "check"
  if (error instanceof ReturnCodeInvalid) return "length"
  if (error instanceof Unreachable) return "network"
  if (error instanceof KeyListExpired) return "keys_expired"
  return error instanceof ProtocolError ? "keys" : "unknown"
}
