/** What the build tells the scripts of a page. */

import type { FormDefinition } from "../form/answers.js"
import { need } from "./elements.js"
import { type Texts, type TextTree, textsOf } from "./texts.js"

/** The JSON in the page's `#page-data`. */
export interface PageData {
  readonly lang: string
  readonly deployment: string
  /** Address of the portal's API without a slash at the end; empty for the same address. */
  readonly api: string
  readonly form?: FormDefinition
  readonly texts: TextTree
  readonly errors: TextTree
}

/** What is known of the page: its data, and its sentences ready to use. */
export interface PageContext {
  readonly data: PageData
  readonly texts: Texts
  readonly errors: Texts
}

/** Read the page's data. */
export function readPage(): PageContext {
  const data = JSON.parse(need(document, "#page-data").textContent ?? "") as PageData
  const { lang, texts, errors } = data
  return { data, texts: textsOf(texts, lang), errors: textsOf(errors, lang) }
}
