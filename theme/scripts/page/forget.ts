/** Forgetting: a page with a code or with answers does not come back with the back button. */

/**
 * Empty an element when its page is left.
 *
 * Browsers keep whole pages in memory and show them again; then this one is loaded anew.
 *
 * @param element - What must not be seen by the next person.
 */
export function forgetWhenLeft(element: HTMLElement): void {
  addEventListener("pagehide", () => element.replaceChildren())
  addEventListener("pageshow", ({ persisted }) => {
    if (persisted) location.reload()
  })
}
