/** The sealed file to save, and what to do with it; a text where a viewer saves no files. */

import { button, make } from "../page/elements.js"
import type { Texts } from "../page/texts.js"
import { FILE_NAME, textOf } from "../protocol/sealed-file.js"

/** What the view needs. */
export interface FileView {
  readonly file: Blob
  readonly texts: Texts
  /** Where the file is sent from. */
  readonly upload: string
  /** Whether it is small enough to be copied as a text. */
  readonly small: boolean
  /** Called when the file was saved, or its text taken. */
  readonly saved: () => void
}

/** Lay out the view. */
export async function fileView(view: FileView): Promise<HTMLElement> {
  const { file, texts, upload, saved } = view
  const said = make("p", { role: "status", "data-file-state": "" })
  const link = make(
    "a",
    { class: "button", href: URL.createObjectURL(file), download: FILE_NAME, "data-save": "" },
    texts.say("file.save"),
  )
  link.addEventListener("click", () => {
    said.textContent = texts.say("file.saved", { name: FILE_NAME })
    saved()
  })
  const address = make("bdi", { dir: "ltr" }, make("a", { href: upload }, upload))
  return make(
    "section",
    { class: "received__part", "data-file": "" },
    make("h2", {}, texts.say("file.name")),
    make("p", {}, link),
    said,
    make(
      "ol",
      {},
      make("li", {}, `${texts.say("file.how.send")} `, address),
      make("li", {}, texts.say("file.how.hand")),
      make("li", {}, texts.say("file.how.remove")),
    ),
    await textPart(view),
  )
}

async function textPart({ file, texts, small, saved }: FileView): Promise<HTMLElement> {
  const title = make("summary", {}, texts.say("file.no_file"))
  if (!small) return make("details", {}, title, make("p", {}, texts.say("file.no_text")))
  const text = textOf(new Uint8Array(await file.arrayBuffer()))
  const field = make("textarea", {
    ...{ readonly: "", rows: "6", dir: "ltr", id: "sealed-text", "data-sealed-text": "" },
  })
  field.value = text
  const said = make("p", { role: "status" })
  const copy = () =>
    navigator.clipboard.writeText(text).then(
      () => {
        said.textContent = texts.say("file.copied")
        saved()
      },
      () => {
        said.textContent = texts.say("file.not_copied")
        field.select()
      },
    )
  const buttons = make(
    "p",
    {},
    button(texts.say("file.copy"), () => void copy(), "button--quiet"),
  )
  if ("share" in navigator) {
    const share = () => navigator.share({ text }).then(saved, () => {}) // Turned away: nothing is lost.
    buttons.append(
      " ",
      button(texts.say("file.share"), () => void share(), "button--quiet"),
    )
  }
  const label = make("label", { for: "sealed-text" }, texts.say("file.text_label"))
  const what = make("p", {}, texts.say("file.text_what"))
  return make("details", {}, title, what, buttons, said, label, field)
}
