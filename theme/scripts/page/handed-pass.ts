/** A pass that another script of the page got: handed over by an event, so that nothing is global. */

const HANDED = "portal-pass"

/** Hand a pass over to the script of the form. */
export function handOver(pass: string): void {
  document.dispatchEvent(new CustomEvent(HANDED, { detail: pass }))
}

/** Take passes that another script hands over. */
export function takeHanded(take: (pass: string) => void): void {
  document.addEventListener(HANDED, (event) => take((event as CustomEvent<string>).detail))
}
