/** The file questions of a form, together: lists, recorders, limits. */

import type { Wish } from "../photos/prepare.js"
import { chosenFile, type Entry, recordedFile } from "./chosen.js"
import { brokenLimit } from "./limits.js"
import { listView, summaryView } from "./list-view.js"
import { sizeInWords } from "./measures.js"
import { canRecord, type Recorded } from "./recorder.js"
import { type RecorderView, recorderView } from "./recorder-view.js"
import type { Asked, FileQuestions, FilesContext } from "./tools.js"

type Complaints = ReturnType<FileQuestions["complaints"]>

/** One question on its page. */
interface Question {
  readonly id: string
  readonly entries: readonly Entry[]
  readonly recorder: RecorderView | null
  clear(): void
}

/** Take over the file questions of a form; what was chosen before now is taken along. */
export function attach(form: HTMLFormElement, context: FilesContext): FileQuestions {
  const { texts, questions, complain } = context
  const everything: Asked = () => true
  const showLimits = () => {
    const found = limitComplaints(live, everything, texts)
    for (const { id } of live) {
      complain(id, found.find(({ input }) => input === id)?.sentence ?? "")
    }
  }
  const live: Question[] = []
  for (const { id, kind } of questions) {
    const input = form.querySelector<HTMLInputElement>(`input[type=file][name="${id}"]`)
    if (input) live.push(questionOn(form, input, { context, kind, changed: () => showLimits() }))
  }
  const entriesOf = (asked: Asked) =>
    live.filter(({ id }) => asked(id)).flatMap(({ entries }) => entries)
  return {
    chosen: entriesOf,
    complaints: (asked) => [
      ...limitComplaints(live, asked, texts),
      ...live
        .filter(({ id, recorder }) => recorder?.running && asked(id))
        .map(({ id }) => ({ input: id, sentence: texts.say("voice.still_running") })),
    ],
    summary(question) {
      const entries = live.find(({ id }) => id === question)?.entries ?? []
      return entries.length > 0 ? summaryView(entries, texts) : null
    },
    stop() {
      for (const { recorder } of live) recorder?.finish()
    },
    clear() {
      for (const question of live) question.clear()
    },
  }
}

function limitComplaints(
  live: readonly Question[],
  asked: Asked,
  texts: FilesContext["texts"],
): Complaints {
  const entries = live.filter(({ id }) => asked(id)).flatMap((question) => question.entries)
  const gone = entries.find((entry) => entry.fate() === "gone")
  if (gone) return [{ input: gone.question, sentence: texts.say("gone", { name: gone.name }) }]
  const measured = entries.map((entry) => ({ name: entry.name, size: entry.size() }))
  const broken = brokenLimit(measured)
  const entry = broken ? entries[broken.place] : undefined
  if (!broken || !entry) return []
  const { code, over } = broken
  const values = { name: entry.name, over: sizeInWords(over, texts.lang) }
  const sentence = code === "too_many" ? texts.count(code, over, values) : texts.say(code, values)
  return [{ input: entry.question, sentence }]
}

interface Place {
  readonly context: FilesContext
  readonly kind: string
  readonly changed: () => void
}

function questionOn(form: HTMLFormElement, input: HTMLInputElement, place: Place): Question {
  const id = input.name
  const pile = pileOf(place.context, () => {
    recorder?.has(pile.entries.some(({ seconds }) => seconds !== null))
    place.changed()
  })
  const recorder = recorderOn(place, (recorded) => {
    pile.drop(({ seconds }) => seconds !== null)
    pile.add(recordedFile(id, recorded))
  })
  const wish = () => wishedFor(form, id)
  const take = () => {
    // Choosing again adds: browsers would put the new ones in the place of those before.
    for (const file of Array.from(input.files ?? [])) pile.add(chosenFile(id, file, wish))
    input.value = ""
  }
  input.addEventListener("change", take)
  form.addEventListener("change", ({ target }) => {
    if ((target as HTMLInputElement).name === `${id}.processing`) pile.prepare()
  })
  input.classList.add("listed") // The list says what is chosen; the browser's own word would not.
  input.after(pile.element)
  if (recorder) input.before(recorder.element)
  take()
  return {
    ...{ id, entries: pile.entries, recorder },
    clear() {
      recorder?.discard()
      pile.drop(() => true)
    },
  }
}

/** What was chosen for one question, with the list that shows it. */
function pileOf({ texts }: FilesContext, changed: () => void) {
  const entries: Entry[] = []
  const list = listView(texts, (entry) => pile.drop((one) => one === entry))
  const prepare = () => {
    const again = () => {
      list.refresh()
      changed()
    }
    for (const entry of entries) entry.ready().then(again, again)
    again()
  }
  const pile = {
    ...{ entries, prepare, element: list.element },
    add(entry: Entry) {
      entries.push(entry)
      list.add(entry)
      prepare()
    },
    drop(which: (entry: Entry) => boolean) {
      for (const entry of entries.filter(which)) {
        entries.splice(entries.indexOf(entry), 1)
        list.remove(entry)
      }
      changed()
    },
  }
  return pile
}

function recorderOn({ context, kind }: Place, onRecorded: (one: Recorded) => void) {
  if (kind !== "voice" || !canRecord()) return null
  return recorderView(context.texts, onRecorded)
}

function wishedFor(form: HTMLFormElement, id: string): Wish {
  const chosen = form.querySelector<HTMLInputElement>(`[name="${id}.processing"]:checked`)
  // Without an answer, the most careful way.
  return (chosen?.value ?? "reencode") as Wish
}
