/** A page whose own script did not arrive says so, instead of asking to wait for ever. */

/**
 * Say what to do if the script of a form did not arrive.
 *
 * The form stays locked: nothing is ever sent in place of the encrypting form.
 *
 * @param state - The place where the form says whether it is ready.
 * @param sentence - What to say.
 */
export function watchForScript(state: HTMLElement, sentence: string): void {
  const look = () => {
    if (state.isConnected && !state.hasAttribute("data-ready")) state.textContent = sentence
  }
  if (document.readyState === "complete") look()
  else addEventListener("load", look)
}
