/** Quick exit: leave this page at once, with the button or by pressing Shift or Escape three times. */

import { withoutOwnEntry } from "./give-up-entry.js"

/** Fired at the document before leaving, so that nothing asks "are you sure?". */
export const QUICK_EXIT = "quickexit"

const KEYS = ["Shift", "Escape"]
const PRESSES = 3
const WITHIN_MS = 1_500
const LANGUAGE = "language"
const KEPT = ["waiting", "drafts"]

/**
 * Make a link leave without staying in the back button.
 *
 * Without script it is a plain link to the same harmless page.
 *
 * @param link - The quick-exit link of the page.
 * @param leave - How to leave; tests pass their own.
 */
export function quickExit(
  link: HTMLAnchorElement,
  leave: (url: string) => void = replacePage,
): void {
  let presses: number[] = []
  let last = ""

  link.addEventListener("click", (event) => {
    event.preventDefault()
    leave(link.href)
  })
  document.addEventListener("keydown", ({ key, repeat, timeStamp }) => {
    if (repeat) return
    const recent = key === last ? presses.filter((at) => timeStamp - at < WITHIN_MS) : []
    presses = KEYS.includes(key) ? [...recent, timeStamp] : []
    last = key
    if (presses.length >= PRESSES) leave(link.href)
  })
}

function replacePage(url: string): void {
  hidePage()
  // The answer lets the browser forget stored pages. It is not waited for: being gone comes first.
  // Browsers obey such a word only in answers to requests that could carry cookies.
  const request = { method: "POST", keepalive: true, credentials: "same-origin" } as const
  fetch("/exit", request).catch(() => {})
  withoutOwnEntry(() => location.replace(url))
}

/**
 * Make a link that deletes everything (`/<language>/exit/`) do so without network, too, and leave
 * without staying in the back button.
 *
 * @param link - The link.
 * @param harmless - Where to go without network, so that no address of this site stays in sight.
 */
export function leaveAndDelete(link: HTMLAnchorElement, harmless: string): void {
  link.addEventListener("click", async (event) => {
    event.preventDefault()
    hidePage()
    // Not every browser obeys the server's word, and without network there is none.
    await deleteEverything().catch(() => {})
    withoutOwnEntry(() => location.replace(navigator.onLine ? link.href : harmless))
  })
}

async function deleteEverything(): Promise<void> {
  localStorage.removeItem(LANGUAGE)
  for (const name of KEPT) indexedDB.deleteDatabase(name)
  for (const name of await caches.keys()) await caches.delete(name)
  for (const one of await navigator.serviceWorker.getRegistrations()) await one.unregister()
}

/** On a slow line the next page takes its time; this one is gone, and silent, now. */
function hidePage(): void {
  document.dispatchEvent(new Event(QUICK_EXIT))
  for (const form of Array.from(document.forms)) form.reset()
  for (const sound of Array.from(document.querySelectorAll("audio"))) sound.pause()
  document.title = ""
  document.documentElement.style.display = "none"
}
