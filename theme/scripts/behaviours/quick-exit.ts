/** Quick exit: leave this page at once, with the button or by pressing Escape three times. */

/** Fired at the document before leaving, so that nothing asks "are you sure?". */
export const QUICK_EXIT = "quickexit"

const PRESSES = 3
const WITHIN_MS = 1_500

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

  link.addEventListener("click", (event) => {
    event.preventDefault()
    leave(link.href)
  })
  document.addEventListener("keydown", ({ key, repeat, timeStamp }) => {
    if (repeat) return
    const recent = presses.filter((at) => timeStamp - at < WITHIN_MS)
    presses = key === "Escape" ? [...recent, timeStamp] : []
    if (presses.length >= PRESSES) leave(link.href)
  })
}

function replacePage(url: string): void {
  document.dispatchEvent(new Event(QUICK_EXIT))
  // On a slow line the next page takes its time; this one is gone now.
  document.title = ""
  document.documentElement.style.display = "none"
  location.replace(url)
}
