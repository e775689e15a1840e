/** Making and finding elements. */

/**
 * Make an element.
 *
 * @param tag - Its name.
 * @param attributes - Attributes by name.
 * @param children - What is in it; strings become text, never markup.
 */
export function make<Tag extends keyof HTMLElementTagNameMap>(
  tag: Tag,
  attributes: Readonly<Record<string, string>> = {},
  ...children: readonly (Node | string)[]
): HTMLElementTagNameMap[Tag] {
  const element = document.createElement(tag)
  for (const name in attributes) element.setAttribute(name, attributes[name] ?? "")
  element.append(...children)
  return element
}

/**
 * Make a button that does something on this page.
 *
 * @param text - What it says.
 * @param press - What it does.
 * @param kind - Extra class, e.g. "button--quiet".
 */
export function button(text: string, press: () => void, kind = ""): HTMLButtonElement {
  const element = make("button", { type: "button", class: `button ${kind}`.trim() }, text)
  element.addEventListener("click", press)
  return element
}

/** Find an element by selector, or fail with the selector as the reason. */
export function need<Found extends HTMLElement>(root: ParentNode, selector: string): Found {
  const found = root.querySelector<Found>(selector)
  if (!found) throw new Error(`the page lacks ${selector}`)
  return found
}

/** Let the phone answer what was touched meanwhile, before more is done. */
export function rest(): Promise<void> {
  return new Promise((resolve) => setTimeout(resolve))
}

/** Move to an element that need not be focusable by itself, so that it is read aloud from there. */
export function goTo(element: HTMLElement): void {
  if (element.tabIndex < 0) element.tabIndex = -1
  element.focus()
  element.scrollIntoView({ block: "start" })
}
