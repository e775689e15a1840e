/** After sending: the form is emptied, and the return code goes to the person whose request it is. */

import { forgetDraft } from "../outbox/store.js"
import { goTo, need } from "../page/elements.js"
import { forgetWhenLeft } from "../page/forget.js"
import type { PageContext } from "../page/page-data.js"
import type { Continued } from "./draft-view.js"
import type { FilesOnPage } from "./file-questions.js"
import { handOver } from "./hand-over.js"
import type { Guard } from "./leaving.js"
import { type Finished, receivedView } from "./received.js"
import type { Screens } from "./steps.js"

/** What finishing needs. */
export interface Finishing {
  readonly form: HTMLFormElement
  readonly page: PageContext
  readonly files: FilesOnPage
  readonly guard: Guard
  readonly screens: Screens
  /** Whether somebody helped: then the phone is handed over before the code is shown. */
  readonly assisted: boolean
  /** What was kept of this form on this phone, if anything was. */
  readonly continued: Continued | null
}

/**
 * Show what arrived, or what waits, in place of the form.
 *
 * @param finishing - What is finished.
 * @param finished - What arrived or waits.
 *
 * @returns The place where it is shown.
 */
export function showFinished(finishing: Finishing, finished: Finished): HTMLElement {
  const { form, page, files, guard, screens, assisted, continued } = finishing
  const { texts, after, filling, again: seats } = page
  const received = () => receivedView({ texts, after, seats, finished, onCodeKept: guard.stop })
  const view = assisted ? handOver(filling, received) : received()
  screens.end()
  if (continued) void forgetDraft(continued.id)
  files.clear()
  form.reset()
  const main = form.closest("main") ?? document.body
  main.replaceChildren(view)
  forgetWhenLeft(main)
  goTo(need(view, "h1"))
  return main
}
