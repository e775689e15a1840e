/** Pass on: copy a text with one press, or give it to the device's own list of apps. */

import { button } from "../page/elements.js"

/**
 * Add the buttons. A device without a list of apps gets none for it.
 *
 * @param text - What is passed on.
 * @param actions - Where the buttons go; its data holds their words.
 * @param said - Where the page says what happened.
 */
export function passOn(text: HTMLElement, actions: HTMLElement, said: HTMLElement): void {
  const { copy = "", copied = "", select = "", send = "" } = actions.dataset
  const words = text.textContent ?? ""

  const toCopy = async () => {
    said.textContent = ""
    const done = await written(words)
    if (!done) mark(text)
    said.textContent = done ? copied : select
  }
  actions.append(button(copy, () => void toCopy(), "button--quiet"))

  // Many browsers on desks have no list of apps; somebody who closes the list has not failed.
  const device: Partial<Navigator> = navigator
  if (device.share) {
    const toSend = () => void navigator.share({ text: words }).catch(() => undefined)
    actions.append(button(send, toSend, "button--quiet"))
  }
}

/** Copy, or tell that this browser or page may not. */
async function written(words: string): Promise<boolean> {
  try {
    await navigator.clipboard.writeText(words)
    return true
  } catch {
    return false
  }
}

/** Mark a text so that the device's own "copy" takes it. */
function mark(text: HTMLElement): void {
  getSelection()?.selectAllChildren(text)
}
