/** The envelope: what was written, who may answer it and which files belong to it. */

import { seal } from "./age.js"
import type { AttachedFile } from "./files.js"
import { paddedJson } from "./padding.js"

/** What an envelope is about. */
export type EnvelopeType =
  | "contact"
  | "search"
  | "support"
  | "information"
  | "extortion-report"
  | "reprisal-report"
  | "briefing-registration"
  | "organisation"
  | "data-rights"
  | "feedback"
  | "child"
  | "followup"

/** An envelope before it is sealed. Nothing here is ever sent in the clear. */
export interface Envelope {
  readonly type: EnvelopeType
  readonly lang: string
  /** UTC day, e.g. "2026-11-20". */
  readonly date: string
  readonly client: string
  /** Serial of the key list it is sealed under. */
  readonly keys: number
  readonly mailbox: { readonly id: string; readonly recipient: string; readonly proof: string }
  readonly form: object
  readonly files: readonly AttachedFile[]
}

/**
 * Seal an envelope.
 *
 * @param envelope - What to seal.
 * @param recipients - Hybrid recipients: all of the key list's.
 *
 * @returns A whole age file.
 *
 * @throws {EnvelopeInvalid} If more was written than fits.
 */
export function sealEnvelope(
  envelope: Envelope,
  recipients: readonly string[],
): Promise<Uint8Array> {
  const { type, lang, date, client, keys, mailbox, form, files } = envelope
  const value = { v: 1, type, lang, date, client, keys, mailbox, form, files }
  return seal(paddedJson(value), recipients)
}
