/**
 * An entry of our own behind the browser's Back, so that Back leads to the screen before this one.
 *
 * There is at most one, whatever number of screens somebody went through, with the page's own
 * address: nothing of the way through a form can be read in the list behind the button.
 */

import { shownEntry, stateOf, stepBack } from "./give-up-entry.js"
import { QUICK_EXIT } from "./quick-exit.js"

/** Tells Back apart from every other way through the history. */
export interface OwnEntry {
  /** From now on Back stays on this page. Only after a press: browsers skip other entries. */
  begin(): void
  /** From now on Back leaves as ever. */
  end(): void
}

/**
 * Make an entry of our own.
 *
 * @param onBack - Goes one screen back; false if there is none, and Back is to leave the page.
 */
export function ownEntry(onBack: () => boolean): OwnEntry {
  const onPop = () => {
    if (shownEntry() !== "first") return
    if (onBack()) history.forward()
    else history.back()
  }
  const forget = () => removeEventListener("popstate", onPop)
  addEventListener("popstate", onPop)
  document.addEventListener(QUICK_EXIT, forget)
  return {
    begin() {
      if (shownEntry() === "own") return
      // Going to and fro between the two entries must not move the page.
      history.scrollRestoration = "manual"
      history.replaceState(stateOf("first"), "")
      history.pushState(stateOf("own"), "")
    },
    end() {
      forget()
      if (shownEntry() !== "own") return
      addEventListener("popstate", () => history.replaceState(null, ""), { once: true })
      stepBack()
    },
  }
}
