/** From a filled form to sealed bytes. After this, nothing readable is left to send. */

import type { ChosenFile } from "../files/tools.js"
import { today } from "../page/keys.js"
import type { Chunk } from "../protocol/chunks.js"
import type { Mailbox } from "../protocol/derivation.js"
import { type EnvelopeType, sealEnvelope } from "../protocol/envelope.js"
import { type FileToSeal, type SealedFile, sealFile } from "../protocol/files.js"
import type { KeyList } from "../protocol/key-list.js"
import { makeSubmission, type Submission } from "../protocol/submissions.js"
import { placed } from "./placing.js"

const CLIENT = "web-js/1"
const DAY = 86_400_000

/** Days for which a portal takes what is sealed for the list before (docs/protocol.md, 1.3). */
const ACCEPTED_DAYS = 14

/** What a person wants to send, before it is sealed. */
export interface Draft {
  readonly type: EnvelopeType
  readonly lang: string
  /** The form part of the envelope, without what it says of files. */
  readonly form: object
  readonly files: readonly ChosenFile[]
  /** The meeting that is registered for, if the form asks for one. */
  readonly meeting: string | null
}

/** Sealed and ready to be sent, as often as it takes. */
export interface SealedDraft {
  readonly submission: Submission
  /** The pieces of all files, in their order. */
  readonly chunks: readonly Chunk[]
  /** How many of the pieces each file has. */
  readonly pieces: readonly number[]
}

/** A chosen file is no longer where it was. */
export class FileGone extends Error {
  readonly question: string

  constructor({ name, question }: ChosenFile) {
    super(name)
    this.question = question
  }
}

/**
 * Seals drafts. What is sealed once is kept as long as the page is open: sealing the same photo
 * again gives other bytes, and all of them would have to go over a slow line once more.
 */
export interface Sealer {
  /**
   * Seal a draft.
   *
   * @param draft - What to seal.
   * @param mailbox - Where the answer goes.
   * @param keys - A checked key list; it is sealed for every recipient in it.
   * @param onFile - Told before each file which it is, from 1.
   *
   * @throws {FileGone} If a file cannot be read any more.
   */
  seal(
    draft: Draft,
    mailbox: Mailbox,
    keys: KeyList,
    onFile: (number: number) => void,
  ): Promise<SealedDraft>
  /** The portal refuses what is sealed for older lists: from now on nothing of it is used. */
  forget(): void
}

interface Kept {
  readonly recipients: string
  readonly sealed: SealedFile
}

/** Make a sealer. */
export function makeSealer(): Sealer {
  let kept = new WeakMap<FileToSeal, Kept>()

  const sealOnce = async (chosen: ChosenFile, keys: KeyList): Promise<SealedFile> => {
    const recipients = keys.recipients.map(({ text }) => text)
    const names = recipients.join(" ")
    try {
      const file = await chosen.ready()
      const before = kept.get(file)
      if (before && isGood(before, names, keys)) return before.sealed
      const sealed = await sealFile(file, recipients)
      kept.set(file, { recipients: names, sealed })
      return sealed
    } catch (error) {
      throw error instanceof DOMException ? new FileGone(chosen) : error
    }
  }
  return {
    async seal(draft, mailbox, keys, onFile) {
      const sealed: SealedFile[] = []
      for (const chosen of draft.files) {
        onFile(sealed.length + 1)
        sealed.push(await sealOnce(chosen, keys))
      }
      return putTogether(draft, sealed, mailbox, keys)
    },
    forget() {
      kept = new WeakMap()
    },
  }
}

/**
 * What was sealed for the list before is as good as a whole submission sealed for it, for as long
 * as portals take those. Only pieces that may be on their way are worth that.
 */
function isGood({ recipients }: Kept, now: string, { issued }: KeyList): boolean {
  const age = (Date.parse(today()) - Date.parse(issued)) / DAY
  return recipients === now || age <= ACCEPTED_DAYS
}

async function putTogether(
  { type, lang, form, files }: Draft,
  sealed: readonly SealedFile[],
  { id, recipient, proof }: Mailbox,
  keys: KeyList,
): Promise<SealedDraft> {
  const attached = sealed.map(({ file }) => file)
  const answered = files.length > 0 ? { files: placed(files.map((one) => one.question)) } : {}
  const envelope = await sealEnvelope(
    {
      ...{ type, lang, date: today(), client: CLIENT, keys: keys.serial },
      ...{ mailbox: { id, recipient, proof }, form: { ...form, ...answered }, files: attached },
    },
    keys.recipients.map(({ text }) => text),
  )
  return {
    submission: makeSubmission(
      envelope,
      attached.map(({ blob }) => blob),
    ),
    chunks: sealed.flatMap(({ chunks }) => chunks),
    pieces: sealed.map(({ chunks }) => chunks.length),
  }
}
