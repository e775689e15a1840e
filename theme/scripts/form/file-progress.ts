/** How far each file is on its way, with a way to pause. */

import { button, make } from "../page/elements.js"
import { percentInWords, type Texts } from "../page/texts.js"

/** What a person sees of the files while they are sent. */
export interface FileProgress {
  readonly element: HTMLElement
  /** Show how much of each piece has arrived, from 0 to 1. */
  arrived(shares: readonly number[]): void
}

/** What to do when the person presses. */
export interface Presses {
  pause(): void
  goOn(): void
  /** Go back to the form; what has arrived of the files does not have to be sent again. */
  back(): void
}

/**
 * Show files on their way.
 *
 * @param names - Names of the files.
 * @param pieces - How many pieces each has; all pieces are counted one after the other.
 * @param texts - Sentences of `files`.
 * @param presses - What buttons do.
 */
export function fileProgress(
  names: readonly string[],
  pieces: readonly number[],
  texts: Texts,
  presses: Presses,
): FileProgress {
  const rows = names.map((name) => rowOf(name, texts))
  const list = make("ul", { class: "sending__files" }, ...rows.map(({ item }) => item))
  const element = make("div", { "data-files-sending": "" }, list, pauseButtons(texts, presses))
  return {
    element,
    arrived(shares) {
      let first = 0
      for (const [index, count] of pieces.entries()) {
        const own = shares.slice(first, first + count)
        rows[index]?.show(own.reduce((sum, share) => sum + share, 0) / count)
        first += count
      }
    },
  }
}

function rowOf(name: string, texts: Texts) {
  const bar = make("progress", { max: "1", value: "0", "aria-label": name })
  const said = make("span", { class: "sending__share" }, texts.say("sending.waits"))
  const item = make("li", {}, make("bdi", {}, name), " ", said, bar)
  return {
    item,
    show(share: number) {
      bar.value = share
      item.dataset.arrived = share === 1 ? "all" : ""
      if (share === 0) return
      const percent = percentInWords(share, texts.lang)
      said.textContent =
        share === 1 ? texts.say("sending.arrived") : texts.say("sending.share", { percent })
    },
  }
}

function pauseButtons(texts: Texts, { pause, goOn, back }: Presses): HTMLElement {
  let paused = false
  const said = make("p", { role: "status" })
  const leave = button(texts.say("sending.back"), back, "button--quiet")
  const toggle = button(
    texts.say("sending.pause"),
    () => {
      paused = !paused
      if (paused) pause()
      else goOn()
      toggle.textContent = texts.say(paused ? "sending.go_on" : "sending.pause")
      said.textContent = paused ? texts.say("sending.paused") : ""
      leave.hidden = !paused
    },
    "button--quiet",
  )
  toggle.dataset.pause = ""
  leave.dataset.back = ""
  leave.hidden = true
  return make("div", { class: "sending__pause" }, said, toggle, leave)
}
