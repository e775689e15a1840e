/** Leaving a file quickly: to an empty page, because without network every other one is an error. */

import { quickExit } from "../behaviours/quick-exit.js"

const EMPTY = "about:blank"

/** Let the quick exit of a file lead to an empty page that is not kept in the back button. */
export function leaveQuickly(): void {
  const link = document.querySelector<HTMLAnchorElement>("a[data-quick-exit]")
  if (!link) return
  quickExit(link, () => {
    for (const form of Array.from(document.forms)) form.reset()
    document.title = ""
    document.documentElement.replaceChildren()
    location.replace(EMPTY)
  })
}
