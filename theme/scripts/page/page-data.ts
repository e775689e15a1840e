/** What the build tells the scripts of a page. */

import type { FormDefinition } from "../form/answers.js"
import { need, rest } from "./elements.js"
import { type Texts, type TextTree, textsOf } from "./texts.js"

/** The JSON that the page's `#page-data` holds or names. */
export interface PageData {
  readonly lang: string
  readonly deployment: string
  /** Address of the portal's API without a slash at the end; empty for the same address. */
  readonly api: string
  readonly form?: FormDefinition
  readonly texts: TextTree
  readonly errors: TextTree
  /** What is said of a submission that waits on this phone. */
  readonly outbox: TextTree
  /** What is said of photos, other files and voice messages. */
  readonly files: TextTree
  /** What is said after the code was typed, and of seats; only where it can be. */
  readonly again?: TextTree
  /** Meetings at which somebody may have a seat; on the return page. */
  readonly meetings?: readonly { readonly id: string; readonly name: string }[]
  /** What is said while a form is filled; other pages have none. */
  readonly filling?: TextTree
  /** What is said after a form was sent; other pages have none. */
  readonly after?: TextTree
}

/** What is known of the page: its data, and its sentences ready to use. */
export interface PageContext {
  readonly data: PageData
  readonly texts: Texts
  readonly errors: Texts
  readonly outbox: Texts
  readonly files: Texts
  readonly again: Texts
  readonly filling: Texts
  readonly after: Texts
}

/**
 * Read the page's data: from the page itself, or from the file that the page names with its hash.
 *
 * @throws {TypeError} If the file does not arrive, or is not the one that the page means.
 */
export async function readPage(): Promise<PageContext> {
  const element = need(document, "#page-data")
  const { url, integrity = "" } = element.dataset
  const text = url ? await (await fetch(url, { integrity })).text() : element.textContent
  const data = JSON.parse(text ?? "") as PageData
  const { lang, texts, errors, outbox, files, again = {}, filling = {}, after = {} } = data
  const speak = (tree: TextTree) => textsOf(tree, lang)
  return {
    ...{ data, texts: speak(texts), errors: speak(errors) },
    ...{ outbox: speak(outbox), files: speak(files), again: speak(again) },
    ...{ filling: speak(filling), after: speak(after) },
  }
}

/**
 * Hand the page's data to what needs it, or say that it did not arrive.
 *
 * @param begin - What goes on once it is there.
 */
export function withPage(begin: (page: PageContext) => void): void {
  const state = need<HTMLElement>(document, "[data-form-state]")
  state.setAttribute("data-ready", "") // The script is there; from here on it tells what happens.
  // Apart from the script's own start, so that an old phone answers a finger in between.
  readPage()
    .finally(rest)
    .then(begin, () => {
      state.textContent = need(document, "#page-data").dataset.missing ?? ""
    })
}
