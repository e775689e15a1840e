/** Leaving: ask before a page is closed that holds something which exists nowhere else. */

import { QUICK_EXIT } from "../behaviours/quick-exit.js"

/** Guards a page against being closed by mistake. */
export interface Guard {
  /** From now on ask before leaving. */
  start(): void
  /** From now on leave without asking. */
  stop(): void
}

/** Make a guard; the quick exit always passes it. */
export function guardLeaving(): Guard {
  const askFirst = (event: BeforeUnloadEvent) => {
    event.preventDefault()
    event.returnValue = "" // Chrome before 119 asks only if this is set.
  }
  const stop = () => removeEventListener("beforeunload", askFirst)
  document.addEventListener(QUICK_EXIT, stop)
  return { start: () => addEventListener("beforeunload", askFirst), stop }
}
