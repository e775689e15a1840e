/** From a filled form to sealed bytes. After this, nothing readable is left to send. */

import { today } from "../page/keys.js"
import { PhotoUnreadable } from "../photos/errors.js"
import type { Chunk } from "../protocol/chunks.js"
import type { Mailbox } from "../protocol/derivation.js"
import { type EnvelopeType, sealEnvelope } from "../protocol/envelope.js"
import { type FileToSeal, type SealedFile, sealFile } from "../protocol/files.js"
import type { KeyList } from "../protocol/key-list.js"
import { makeSubmission, type Submission } from "../protocol/submissions.js"

const CLIENT = "web-js/1"

/** What a person wants to send, before it is sealed. */
export interface Draft {
  readonly type: EnvelopeType
  readonly lang: string
  readonly form: object
  readonly photos: readonly FileToSeal[]
}

/** Sealed and ready to be sent, as often as it takes. */
export interface SealedDraft {
  readonly submission: Submission
  readonly chunks: readonly Chunk[]
}

/**
 * Seal a draft.
 *
 * @param draft - What to seal.
 * @param mailbox - Where the answer goes.
 * @param keys - A checked key list; it is sealed for every recipient in it.
 * @param onPhoto - Told before each photo which it is, from 1.
 */
export async function sealDraft(
  draft: Draft,
  mailbox: Mailbox,
  keys: KeyList,
  onPhoto: (number: number) => void,
): Promise<SealedDraft> {
  const recipients = keys.recipients.map(({ text }) => text)
  const sealed: SealedFile[] = []
  for (const photo of draft.photos) {
    onPhoto(sealed.length + 1)
    sealed.push(await sealPhoto(photo, recipients))
  }
  const { id, recipient, proof } = mailbox
  const files = sealed.map(({ file }) => file)
  const envelope = await sealEnvelope(
    {
      ...{ type: draft.type, lang: draft.lang, date: today(), client: CLIENT, keys: keys.serial },
      ...{ mailbox: { id, recipient, proof }, form: draft.form, files },
    },
    recipients,
  )
  const blobs = files.map(({ blob }) => blob)
  const chunks = sealed.flatMap((file) => file.chunks)
  return { submission: makeSubmission(envelope, blobs), chunks }
}

async function sealPhoto(photo: FileToSeal, recipients: readonly string[]): Promise<SealedFile> {
  try {
    return await sealFile(photo, recipients)
  } catch (error) {
    // The file was moved or deleted after it was chosen.
    throw error instanceof DOMException ? new PhotoUnreadable(photo.name) : error
  }
}
