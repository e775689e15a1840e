/** What a person sees while the form is being sent. */

import { button, make } from "../page/elements.js"
import { percentInWords, type Texts } from "../page/texts.js"
import type { Stage } from "./delivery.js"

const WAITING = { network: "sending.waiting", turn: "sending.turn" }

/** The place where sending is shown. */
export interface Progress {
  readonly element: HTMLElement
  /** Say what is happening. */
  stage(stage: Stage | "files", file?: { number: number; of: number }): void
  /** Show how much has arrived, from 0 to 1. */
  share(share: number): void
  /** Show, in the place of what was shown before, something about each file. */
  files(view: HTMLElement): void
  /** Say something that stays to be read. */
  note(key: string): void
  /** Say that the network is gone, or that it is not our turn yet, or that it goes on. */
  waiting(waiting: boolean, forWhat: "network" | "turn"): void
  /** Offer to keep what is sealed on this phone, for whenever there is no network. */
  offerKeeping(keep: () => void): void
}

/**
 * Make the place where sending is shown.
 *
 * @param texts - Sentences.
 * @param tryNow - Called when the person does not want to wait for the next try.
 */
export function makeProgress(texts: Texts, tryNow: () => void): Progress {
  const sentence = make("p", { class: "sending__stage", role: "status" })
  const bar = make("progress", { class: "sending__bar", "aria-label": texts.say("sending.bar") })
  const arrived = make("p", { class: "sending__share" })
  const again = button(texts.say("sending.try_now"), tryNow, "button--quiet")
  const reason = make("p", {})
  const pause = make("div", { class: "sending__waiting", role: "status" }, reason, again)
  const files = make("div")
  const stay = make("p", { class: "sending__stay" }, texts.say("sending.stay"))
  const element = make(
    "div",
    { class: "sending", "data-sending": "" },
    ...[sentence, bar, arrived, files, pause, stay],
  )
  pause.hidden = true
  return {
    element,
    files: (view) => files.replaceChildren(view),
    stage(stage, file) {
      const key = file ? "sending.sealing_file" : `sending.${stage}`
      const text = texts.say(key, file ? { number: file.number, of: file.of } : {})
      sentence.textContent = text
      bar.removeAttribute("value")
      arrived.textContent = ""
    },
    share(share) {
      bar.value = share
      arrived.textContent = texts.say("sending.share", {
        percent: percentInWords(share, texts.lang),
      })
    },
    note(key) {
      stay.before(make("p", { class: "sending__note" }, texts.say(key)))
    },
    offerKeeping(keep) {
      const offer = make("p", {}, texts.say("sending.keep_what"))
      pause.append(offer, button(texts.say("sending.keep"), keep, "button--quiet"))
    },
    waiting(waiting, forWhat) {
      if (waiting) reason.textContent = texts.say(WAITING[forWhat])
      const isNew = waiting && pause.hidden
      pause.hidden = !waiting
      if (isNew) pause.scrollIntoView({ block: "nearest" })
    },
  }
}
