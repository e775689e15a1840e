/** A page whose own script did not arrive says so, instead of asking to wait for ever. */

/**
 * Say what to do if the script of a form did not arrive.
 *
 * The form stays locked: nothing is ever sent in place of the encrypting form.
 */
export function watchForScript(): void {
  const state = document.querySelector<HTMLElement>("[data-form-state]")
  const data = document.querySelector<HTMLElement>("#page-data")
  if (!state || !data) return
  const look = () => {
    if (state.isConnected && !state.hasAttribute("data-ready")) {
      state.textContent = data.dataset.missing ?? ""
    }
  }
  if (document.readyState === "complete") look()
  else addEventListener("load", look)
}
