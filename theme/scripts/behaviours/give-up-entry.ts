/**
 * The entry of our own behind the browser's Back (see own-entry.ts), given up before somebody leaves
 * in a hurry: then the page itself can be replaced, and Back leads to where the person came from.
 *
 * Where we are is known from the state of the entries alone: the script that leaves is not the one
 * that goes through the screens.
 */

const SCREENS = "screens"
/** What the entry of ours says once it is only the one after this: nothing about a form. */
const NEUTRAL_ADDRESS = "/"
/** Longest wait for the browser's steps to and fro; then leaving comes first. */
const PATIENCE_MS = 1_000

/** The entry that is shown: the page's own, which ours follows, or ours. */
export type Entry = "first" | "own"

/** Tell which of the two entries is shown; nothing where there is no entry of ours. */
export function shownEntry(): Entry | undefined {
  return (history.state as Record<string, Entry> | null)?.[SCREENS]
}

/** Name an entry in the browser's list. */
export function stateOf(entry: Entry): object {
  return { [SCREENS]: entry }
}

/** Go from our entry to the page's own; ours stays in the list as the next one and says nothing. */
export function stepBack(): void {
  // A page that is a file has one address only.
  if (location.protocol.startsWith("http")) {
    history.replaceState(history.state, "", NEUTRAL_ADDRESS)
  }
  history.back()
}

/**
 * Give up the entry of our own and go on; without one, go on at once.
 *
 * @param goOn - What replaces the page.
 */
export function withoutOwnEntry(goOn: () => void): void {
  if (!shownEntry()) {
    goOn()
    return
  }
  let gone = false
  const once = () => {
    if (gone) return
    gone = true
    goOn()
  }
  addEventListener("popstate", () => {
    if (shownEntry() === "own") stepBack()
    else once()
  })
  setTimeout(once, PATIENCE_MS)
  // Else Back was pressed this moment and the form is on its way forward: that is waited for.
  if (shownEntry() === "own") stepBack()
}
