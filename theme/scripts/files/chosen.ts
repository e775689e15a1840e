/** Files as they were chosen, each with what becomes of it before it is sealed. */

import { isPhoto, type Prepared, prepare, type Wish } from "../photos/prepare.js"
import type { FileToSeal } from "../protocol/files.js"
import type { Recorded } from "./recorder.js"
import type { ChosenFile } from "./tools.js"

/** What is known of a file's state. */
export type Fate =
  | "preparing"
  | "reencode"
  | "strip"
  | "none"
  | "unread"
  | "other"
  | "record"
  | "gone"

/** A chosen file as its list shows it. */
export interface Entry extends ChosenFile {
  readonly content: File
  /** Length of a message that was recorded here; null for a chosen file. */
  readonly seconds: number | null
  /** Bytes that would be sent; of a photo that is still being made smaller, none yet. */
  size(): number
  fate(): Fate
}

/** Phones have little memory: large photos are opened one after the other. */
let turn: Promise<unknown> = Promise.resolve()

function inTurn<Result>(work: () => Promise<Result>): Promise<Result> {
  const done = turn.then(work)
  turn = done.catch(() => {})
  return done
}

/**
 * Take a file that somebody chose.
 *
 * @param question - The question that it answers.
 * @param content - The file.
 * @param wish - Tells what is to be done with photos now.
 */
export function chosenFile(question: string, content: File, wish: () => Wish): Entry {
  const made = new Map<Wish, { readonly coming: Promise<Prepared>; done: Prepared | null }>()
  let gone = false

  const start = (now: Wish) => {
    const coming = inTurn(() => prepare(content, now))
    const one = { coming, done: null as Prepared | null }
    made.set(now, one)
    coming.then(
      (prepared) => {
        one.done = prepared
        gone = false
      },
      () => {
        gone = true
        made.delete(now) // It may be there again at the next try.
      },
    )
    return one
  }
  const done = () => made.get(wish())?.done ?? null
  return {
    ...{ question, content, name: content.name, seconds: null },
    async ready(): Promise<FileToSeal> {
      const now = wish()
      return (await (made.get(now) ?? start(now)).coming).file
    },
    size() {
      const known = done()
      if (known) return known.file.content.size
      return isPhoto(content) && wish() !== "none" ? 0 : content.size
    },
    fate() {
      if (gone) return "gone"
      const known = done()
      if (!isPhoto(content)) return "other"
      if (!known) return "preparing"
      return known.unread ? "unread" : (known.file.processing as Fate)
    },
  }
}

/**
 * Take a message that was recorded here.
 *
 * @param question - The question that it answers.
 * @param recorded - The message.
 */
export function recordedFile(question: string, { sound, seconds }: Recorded): Entry {
  const { name, type, size } = sound
  const mime = type || "application/octet-stream"
  const file: FileToSeal = { name, mime, processing: "record", content: sound }
  return {
    ...{ question, content: sound, name, seconds },
    ready: () => Promise.resolve(file),
    size: () => size,
    fate: () => "record",
  }
}
