/** Sending a sealed file: looked at on this phone, sent as any submission, receipt checked. */

import { makePatience } from "../form/patience.js"
import { sendSealed } from "../form/sending.js"
import { button, goTo, make, need } from "../page/elements.js"
import { fetchKeyList } from "../page/keys.js"
import { Refused } from "../page/requests.js"
import { dayInWords, percentInWords, type Texts, type TextTree, textsOf } from "../page/texts.js"
import {
  ProtocolError,
  SealedFileCutOff,
  SealedFileInvalid,
  SealedFileOfAnotherKind,
} from "../protocol/errors.js"
import { blobOfText, isText, openSealedFile } from "../protocol/sealed-file.js"

interface UploadData {
  readonly lang: string
  readonly api: string
  readonly texts: TextTree
}

const RECEIPT_DIGITS = 8

/**
 * Let the form send what is chosen; without script it is posted whole.
 *
 * @param form - The form.
 */
export function uploadForm(form: HTMLFormElement): void {
  const data = JSON.parse(need(document, "#upload-data").textContent ?? "") as UploadData
  const texts = textsOf(data.texts, data.lang)
  const state = need<HTMLElement>(form, "[data-upload-state]")
  const error = need<HTMLElement>(form, "[data-upload-error]")
  let sending = false
  state.textContent = texts.say("ready")
  form.addEventListener("submit", async (event) => {
    event.preventDefault()
    if (sending) return
    sending = true
    error.hidden = true
    try {
      const { id, date } = await send(form, data.api, texts, state)
      showReceived(form, texts, id, date)
    } catch (failure) {
      state.textContent = texts.say("ready")
      error.textContent = texts.say(`failed.${reasonOf(failure)}`)
      error.hidden = false
      goTo(error)
    } finally {
      sending = false
    }
  })
}

async function send(form: HTMLFormElement, api: string, texts: Texts, state: HTMLElement) {
  const say = (key: string, values = {}) => {
    state.textContent = texts.say(`script.${key}`, values)
  }
  say("looking")
  const { submission, chunks } = await openSealedFile(await chosen(form))
  say("sending")
  const again = button(texts.say("script.try_now"), () => patience.tryNow(), "button--quiet")
  const patience = makePatience((waiting) => {
    say(waiting ? "network" : "sending")
    if (waiting) state.after(again)
    else again.remove()
  })
  const onProgress = (share: number) => say("share", { percent: percentInWords(share, texts.lang) })
  const keys = await patience.until(() => fetchKeyList(api))
  const line = { api, patience, onProgress }
  const { date } = await sendSealed({ submission, chunks }, keys.receipts, line)
  return { id: submission.id, date }
}

/** Neither or both were chosen. */
class Unclear extends Error {}

async function chosen(form: HTMLFormElement): Promise<Blob> {
  const file = need<HTMLInputElement>(form, "input[type=file]").files?.[0]
  const text = need<HTMLTextAreaElement>(form, "textarea").value.trim()
  if (file && text) throw new Unclear("both")
  if (text) return blobOfText(text)
  if (!file) throw new Unclear("nothing")
  return (await isText(file)) ? blobOfText(await file.text()) : file
}

function reasonOf(error: unknown): string {
  if (error instanceof Unclear) return error.message
  if (error instanceof SealedFileOfAnotherKind) return "not_ours"
  if (error instanceof SealedFileCutOff) return "cut_off"
  if (error instanceof SealedFileInvalid) return "changed"
  if (error instanceof Refused) return refusalOf(error)
  return error instanceof ProtocolError ? "unsure" : "unknown"
}

function refusalOf({ code }: Refused): string {
  if (code === "keys_outdated" || code === "wrong_recipients") return "old"
  return code === "not_sealed" || code === "size_not_allowed" ? "not_ours" : "unknown"
}

function showReceived(form: HTMLFormElement, texts: Texts, id: string, date: string): void {
  const say = (key: string, values = {}) => texts.say(`received.${key}`, values)
  const title = make("h2", { tabindex: "-1" }, say("title"))
  const number = make("bdi", { dir: "ltr" }, id.slice(0, RECEIPT_DIGITS))
  const another = button(texts.say("script.another"), () => location.reload(), "button--quiet")
  form.replaceWith(
    make(
      "section",
      { "data-uploaded": "" },
      title,
      make("p", {}, make("strong", {}, say("what", { day: dayInWords(date, texts.lang) }))),
      make("p", {}, say("not")),
      make("ul", {}, make("li", {}, say("again")), make("li", {}, say("remove"))),
      make("p", {}, `${say("receipt")} `, number),
      make("p", {}, another),
    ),
  )
  goTo(title)
}
