/** The list of what was chosen for one question: name, size, small picture, and a way to take it out. */

import { button, make } from "../page/elements.js"
import type { Texts } from "../page/texts.js"
import { isPhoto } from "../photos/prepare.js"
import type { Entry } from "./chosen.js"
import { clockTime, sizeInWords } from "./measures.js"
import { drawSmall } from "./picture.js"

/** What happens to these is worth a second look. */
const TO_NOTE = ["none", "unread", "other", "gone"]

/** The list of one question. */
export interface ListView {
  readonly element: HTMLElement
  add(entry: Entry): void
  remove(entry: Entry): void
  /** Say anew what happens to each file. */
  refresh(): void
}

/**
 * Make an empty list.
 *
 * @param texts - Sentences.
 * @param onRemove - Told what the person takes out.
 */
export function listView(texts: Texts, onRemove: (entry: Entry) => void): ListView {
  const rows = new Map<Entry, { readonly item: HTMLElement; describe(): void; forget(): void }>()
  const list = make("ul", { class: "chosen__list" })
  const state = make("p", { class: "chosen__state", role: "status" })
  const element = make("div", { class: "chosen", "data-chosen": "" }, list, state)

  /** That one was taken out: it stands until another is chosen, whatever else becomes ready. */
  let removed = ""
  const count = () => {
    const entries = Array.from(rows.keys())
    const bytes = entries.reduce((sum, entry) => sum + entry.size(), 0)
    list.hidden = entries.length === 0
    const size = sizeInWords(bytes, texts.lang)
    state.textContent =
      removed || (entries.length > 0 ? texts.count("chosen", entries.length, { size }) : "")
  }
  const refresh = () => {
    for (const row of rows.values()) row.describe()
    count()
  }
  const view: ListView = {
    element,
    refresh,
    add(entry) {
      const row = itemOf(entry, texts, () => {
        const next = row.item.nextElementSibling ?? row.item.previousElementSibling
        removed = texts.say("removed", { name: entry.name })
        onRemove(entry)
        const stay = next ?? element.previousElementSibling
        ;(next?.querySelector("button") ?? (stay as HTMLElement | null))?.focus()
      })
      removed = ""
      rows.set(entry, row)
      list.append(row.item)
      refresh()
    },
    remove(entry) {
      rows.get(entry)?.forget()
      rows.delete(entry)
      count()
    },
  }
  count()
  return view
}

/**
 * Lay out files for reading only.
 *
 * @param entries - What was chosen.
 * @param texts - Sentences.
 */
export function summaryView(entries: readonly Entry[], texts: Texts): HTMLElement {
  const items = entries.map((entry) => make("li", {}, ...wordsOf(entry, texts)))
  return make("ul", { class: "chosen__list" }, ...items)
}

function itemOf(entry: Entry, texts: Texts, remove: () => void) {
  const words = make("div", { class: "chosen__words" })
  const picture = make("canvas", { class: "chosen__picture", "aria-hidden": "true" })
  const out = button(texts.say("remove"), remove, "button--quiet")
  out.setAttribute("aria-label", texts.say("remove_which", { name: entry.name }))
  const item = make("li", { class: "chosen__file" }, picture, words, out)
  const player = entry.seconds === null ? null : playerOf(entry)
  if (player) item.append(player.element)
  picture.hidden = true
  if (isPhoto(entry.content)) {
    const draw = ({ content }: { content: Blob }) => drawSmall(content, picture)
    entry.ready().then(draw, () => {}) // If it is gone, the words say so.
  }
  const describe = () => words.replaceChildren(...wordsOf(entry, texts))
  describe()
  return {
    ...{ item, describe },
    forget() {
      player?.forget()
      item.remove()
    },
  }
}

function wordsOf(entry: Entry, texts: Texts): HTMLElement[] {
  const { lang } = texts
  const fate = entry.fate()
  const time = clockTime(entry.seconds ?? 0, lang)
  const kind = TO_NOTE.includes(fate) ? "chosen__fate chosen__fate--note" : "chosen__fate"
  const what = make("p", { class: kind, "data-fate": fate }, texts.say(`fate.${fate}`, { time }))
  if (fate === "record") {
    what.setAttribute("data-said", time) // A recording has no name; its length is what it says.
    return [what]
  }
  const size = entry.size() > 0 ? sizeInWords(entry.size(), lang) : ""
  const name = make("bdi", { class: "chosen__name" }, entry.name)
  return [make("p", {}, name, " ", make("span", { class: "chosen__size" }, size)), what]
}

/** Lets the person listen before sending; the sound stays in this page. */
function playerOf({ content }: Entry) {
  const url = URL.createObjectURL(content)
  const element = make("audio", { class: "chosen__sound", controls: "", src: url })
  return {
    element,
    forget() {
      element.pause()
      element.removeAttribute("src")
      URL.revokeObjectURL(url)
    },
  }
}
