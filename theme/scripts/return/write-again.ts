/** Writing again: the same form as everywhere, sealed under the code that opened the mailbox. */

import { encryptingForm } from "../form/encrypting-form.js"
import { NETWORK } from "../form/way.js"
import { button, goTo, make, need } from "../page/elements.js"
import type { PageContext } from "../page/page-data.js"
import type { Texts } from "../page/texts.js"

/** What writing again needs. */
export interface WritingAgain {
  readonly page: PageContext
  /** Sentences of the return page after the code was typed. */
  readonly texts: Texts
  readonly code: string
  /** Shows the messages again. */
  readonly back: () => void
}

/** The place where somebody writes again. */
export interface Written {
  readonly element: HTMLElement
  /** Give up what was begun. */
  end(): void
}

/**
 * Lay out a button that opens the form.
 *
 * The form is made anew each time from the page's template, so that nothing of what was written
 * under one code is left for the next.
 */
export function writeAgain(writing: WritingAgain): Written {
  let end = () => {}
  const place = make("section", { class: "messages__write", "data-write": "" })
  const received = () => {
    end = () => {}
    showReceived(place, writing)
  }
  const open = () => {
    const content = need<HTMLTemplateElement>(document, "template[data-follow-up]").content
    place.replaceChildren(document.importNode(content, true))
    const form = need<HTMLFormElement>(place, "form")
    const again = { code: writing.code, received }
    end = encryptingForm(form, writing.page, { ...NETWORK, again })
    goTo(need(place, "h2"))
  }
  place.append(button(writing.texts.say("again.open"), open))
  return { element: place, end: () => end() }
}

function showReceived(place: HTMLElement, { texts, back }: WritingAgain): void {
  const steps = texts.list("after.steps").map((step) => make("li", {}, step))
  place.replaceChildren(
    make("h2", { tabindex: "-1" }, texts.say("after.what")),
    make("p", {}, texts.say("after.not")),
    make("ol", {}, ...steps),
    make("p", {}, texts.say("again.new_code")),
    button(texts.say("again.back"), back),
  )
  place.setAttribute("data-received", "again")
  goTo(need(place, "h2"))
}
