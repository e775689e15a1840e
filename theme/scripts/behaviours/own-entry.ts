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

/** What Back means on the screen that is shown. */
export interface Way {
  /** Whether Back is to leave the page. */
  leaves(): boolean
  /** Go one screen back, or say why not. */
  back(): void
}

/**
 * Make an entry of our own.
 *
 * The screen changes only when our entry is shown again: the browser gives up its way forward when
 * Back is pressed meanwhile, and whoever sees the screen before this one presses it at once.
 *
 * @param way - What Back means on the screen that is shown.
 */
export function ownEntry(way: Way): OwnEntry {
  let isBack = false
  const onPop = () => {
    if (shownEntry() === "first") {
      if (way.leaves()) history.back()
      else {
        isBack = true
        history.forward()
      }
    } else if (isBack) {
      isBack = false
      way.back()
    }
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
