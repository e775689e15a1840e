/** Between a helper and the return code: the phone goes back to the person it belongs to. */

import { button, goTo, make, need } from "../page/elements.js"
import type { Texts } from "../page/texts.js"

/**
 * Lay out the screen that asks for the phone to be handed over.
 *
 * The code is not in the page before the person says that the phone is in their hands.
 *
 * @param texts - Sentences of `filling`.
 * @param show - Makes what is shown afterwards.
 */
export function handOver(texts: Texts, show: () => HTMLElement): HTMLElement {
  const element = make("section", { class: "received", "data-hand-over": "" })
  const goOn = () => {
    const view = show()
    element.replaceWith(view)
    goTo(need(view, "h1"))
  }
  element.append(
    make("h1", { tabindex: "-1" }, texts.say("hand_over.title")),
    make("p", {}, texts.say("hand_over.text")),
    button(texts.say("hand_over.done"), goOn),
  )
  return element
}
