/**
 * A form that is not finished, kept on this phone only if its writer asks for it, and only sealed.
 *
 * It is sealed for the mailbox of a fresh return code, as answers to it will be: nothing that opens
 * it stays here. Beside the sealed bytes only the day is kept, not even which form it is.
 */

import { openSealed, seal } from "../protocol/age.js"
import { deriveMailbox, type SlowHash } from "../protocol/derivation.js"
import { paddedJson, parsePaddedJson } from "../protocol/padding.js"
import type { Inputs } from "./checks.js"

/** What is sealed: the answers as they stand in the form, without files. */
export interface Unfinished {
  readonly form: string
  /** Screen on which its writer stopped. */
  readonly screen: string
  readonly inputs: readonly (readonly [string, readonly string[]])[]
}

/** What a code is tried with. */
export interface Lock {
  readonly deployment: string
  readonly slowHash: SlowHash
}

/**
 * Seal a form that is not finished.
 *
 * @throws {EnvelopeInvalid} If more was written than one form may hold.
 */
export async function sealUnfinished(
  unfinished: Unfinished,
  code: string,
  { deployment, slowHash }: Lock,
): Promise<Uint8Array> {
  const { recipient } = await deriveMailbox(code, deployment, slowHash)
  return seal(paddedJson(unfinished), [recipient])
}

/**
 * Open what was sealed.
 *
 * @throws {ProtocolError} If the code is none, or another one.
 */
export async function openUnfinished(
  sealed: Uint8Array,
  code: string,
  { deployment, slowHash }: Lock,
): Promise<Unfinished> {
  const { identity } = await deriveMailbox(code, deployment, slowHash)
  return parsePaddedJson(await openSealed(sealed, identity)) as unknown as Unfinished
}

/** Put answers back where they stood; what the form does not ask any more is left out. */
export function putBack(form: HTMLFormElement, inputs: Inputs): void {
  for (const control of Array.from(form.elements) as HTMLInputElement[]) {
    const values = inputs.get(control.name)
    if (control.type === "radio" || control.type === "checkbox") {
      control.checked = values?.includes(control.value) ?? false
    } else if (values && control.type !== "file") control.value = values[0] ?? ""
  }
  form.dispatchEvent(new Event("change"))
}
