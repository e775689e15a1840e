/** Loading one of our own scripts later, only where it is needed. */

/**
 * Load a script.
 *
 * @param script - Address and integrity, built in.
 */
export function loadScript({ url, integrity }: { url: string; integrity: string }): void {
  const element = document.createElement("script")
  element.integrity = integrity
  element.crossOrigin = "anonymous"
  element.src = url
  document.head.append(element)
}
