/** Continuing later on this phone: what that leaves behind, the code that opens it, and deleting it. */

import { allDrafts, type Draft, forgetDraft, keepDraft } from "../outbox/store.js"
import { slowHash } from "../page/argon2.js"
import { codeView } from "../page/code-view.js"
import { button, goTo, make, need, rest } from "../page/elements.js"
import { forgetWhenLeft } from "../page/forget.js"
import { today } from "../page/keys.js"
import { dayInWords, type Texts } from "../page/texts.js"
import { newCode, parseCode } from "../protocol/return-code.js"
import { openUnfinished, sealUnfinished, type Unfinished } from "./draft.js"

/** A form that goes on from what was kept: its place here, and the code that opened it. */
export interface Continued {
  readonly id: string
  readonly code: string
}

/** What keeping and opening need. */
export interface Keeping {
  readonly form: HTMLFormElement
  /** Sentences of `filling`. */
  readonly texts: Texts
  readonly deployment: string
  /** What stands in the form now. */
  readonly unfinished: () => Unfinished
  /** Whether somebody helps: a helper never gets the return code. */
  readonly isAssisted: () => boolean
  /** Told when the form was kept: the page shows it no longer. */
  readonly onKept: () => void
  /** Told when a kept form was opened. */
  readonly onOpened: (unfinished: Unfinished, continued: Continued) => void
}

/**
 * Make the button that offers to continue later.
 *
 * @param keeping - What is kept and how.
 * @param continued - The kept form that this one goes on from, if it does: it keeps its code.
 */
export function laterButton(keeping: Keeping, continued: () => Continued | null): HTMLElement {
  const { form, texts } = keeping
  const offer = button(texts.say("draft.offer"), () => ask(), "button--link")
  const ask = () => {
    const stay = () => {
      panel.remove()
      form.hidden = false
      offer.focus()
    }
    const panel = askFirst(texts, () => void keepIt(keeping, continued(), panel), stay)
    form.hidden = true
    form.after(panel)
    goTo(need(panel, "h2"))
  }
  offer.setAttribute("data-later", "")
  return offer
}

function askFirst(texts: Texts, keep: () => void, stay: () => void): HTMLElement {
  const traces = texts.list("draft.traces").map((sentence) => make("li", {}, sentence))
  return make(
    "section",
    { class: "step", "data-ask-later": "" },
    make("h2", {}, texts.say("draft.title")),
    make("ul", {}, ...traces),
    make("p", { role: "status" }),
    make(
      "div",
      { class: "screens__onward" },
      button(texts.say("draft.keep"), keep),
      button(texts.say("draft.stay"), stay, "button--quiet"),
    ),
  )
}

async function keepIt(
  keeping: Keeping,
  continued: Continued | null,
  panel: HTMLElement,
): Promise<void> {
  const { texts, deployment, unfinished } = keeping
  const code = continued?.code ?? newCode()
  const id = continued?.id ?? crypto.getRandomValues(new Uint32Array(2)).join("")
  try {
    const sealed = await sealUnfinished(unfinished(), code, {
      deployment,
      slowHash: await slowHash(),
    })
    await keepDraft({ id, day: today(), sealed })
  } catch {
    need(panel, "[role=status]").textContent = texts.say("draft.not_kept")
    return
  }
  showKept(keeping, code)
}

/** From here on the answers are nowhere but in the sealed bytes. */
function showKept({ form, texts, isAssisted, onKept }: Keeping, code: string): void {
  onKept()
  const whose = isAssisted() ? "other" : "same"
  const sets = texts.lang === "ar" ? [true, false] : [false, true]
  const lines = sets.map((arabic) => make("p", { class: "received__code" }, codeView(code, arabic)))
  const view = make(
    "section",
    { class: "received", "data-draft-kept": "" },
    make("h1", { tabindex: "-1" }, texts.say("draft.kept.title")),
    make("p", {}, texts.say("draft.kept.what")),
    make("div", { class: "received__part received__part--code" }, ...lines),
    make("p", {}, texts.say(`draft.kept.${whose}`)),
    make("p", {}, texts.say("draft.kept.close")),
  )
  form.reset()
  const main = form.closest("main") ?? document.body
  main.replaceChildren(view)
  forgetWhenLeft(main)
  goTo(need(view, "h1"))
}

/** Show on top of the page that forms wait here, if any do. */
export async function showDrafts(keeping: Keeping): Promise<void> {
  await rest()
  const views = (await allDrafts()).map((draft) => draftView(keeping, draft))
  keeping.form.closest("main")?.prepend(...views)
}

function draftView(keeping: Keeping, draft: Draft): HTMLElement {
  const { texts } = keeping
  const input = make("input", {
    ...{ id: `draft-${draft.id}`, inputmode: "numeric", autocomplete: "off", dir: "ltr" },
    ...{ maxlength: "60", class: "code-input" },
  })
  const said = make("p", { role: "status" })
  const open = make("button", { type: "submit", class: "button" }, texts.say("draft.open"))
  const remove = button(texts.say("draft.delete"), () => void forget(), "button--quiet")
  const entry = make(
    "form",
    { method: "dialog", autocomplete: "off" },
    make("label", { for: input.id }, texts.say("draft.code")),
    input,
    said,
    make("div", { class: "screens__onward" }, open, remove),
  )
  const day = dayInWords(draft.day, texts.lang)
  const waiting = make("p", {}, texts.say("draft.waiting", { day }))
  const element = make("section", { class: "notice", "data-draft": "" }, waiting, entry)
  const forget = async () => {
    await forgetDraft(draft.id)
    element.replaceChildren(make("p", { role: "status" }, texts.say("draft.deleted")))
  }
  entry.addEventListener("submit", (event) => {
    event.preventDefault()
    said.textContent = texts.say("draft.opening")
    tryCode(keeping, draft, input.value).then(
      (elsewhere) => (elsewhere ? said.replaceChildren(...elsewhere) : element.remove()),
      () => said.replaceChildren(texts.say("draft.wrong")),
    )
  })
  return element
}

/** Open a draft here; or return where it belongs. */
async function tryCode(
  keeping: Keeping,
  draft: Draft,
  typed: string,
): Promise<(Node | string)[] | null> {
  const { form, texts, deployment } = keeping
  const lock = { deployment, slowHash: await slowHash() }
  const unfinished = await openUnfinished(draft.sealed, typed, lock)
  if (unfinished.form !== form.dataset.form) {
    const href = `/${texts.lang}/${encodeURIComponent(unfinished.form)}/`
    return [texts.say("draft.elsewhere"), " ", make("a", { href }, href)]
  }
  keeping.onOpened(unfinished, { id: draft.id, code: parseCode(typed) })
  return null
}
