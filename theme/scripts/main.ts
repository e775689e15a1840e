/** Entry of every page but those that seal or open something: what it gains when scripts run. */

import { rememberedLanguage } from "./behaviours/language-memory.js"
import { loadScript } from "./behaviours/load-script.js"
import { watchForScript } from "./behaviours/missing-script.js"
import { passOn } from "./behaviours/share.js"
import { OUTBOX } from "./built-in-outbox.js"
import { everyPage } from "./every-page.js"
import { allWaiting } from "./outbox/store.js"

/** The page of languages, unless somebody came to choose anew ("/#languages"). */
function goOn(): void {
  const list = document.querySelector("[data-languages]")
  if (!list || location.hash !== "") return
  const links = Array.from(list.querySelectorAll<HTMLAnchorElement>("a[data-language]"))
  const offered = links.map((link) => link.dataset.language ?? "")
  const language = rememberedLanguage(offered, () => localStorage)
  const link = links.find(({ dataset }) => dataset.language === language)
  if (link) location.replace(link.href)
}

/** A text to pass on. Without script it is there to be marked and copied. */
function watchShare(): void {
  const text = document.querySelector<HTMLElement>("[data-share]")
  const actions = document.querySelector<HTMLElement>("[data-share-actions]")
  const said = document.querySelector<HTMLElement>("[data-share-said]")
  if (text && actions && said) passOn(text, actions, said)
}

/** Whoever has something waiting sees on every page whether it was sent. */
async function watchOutbox(): Promise<void> {
  if ((await allWaiting()).length > 0) loadScript(OUTBOX)
}

everyPage()
goOn()
watchShare()
watchForScript()
void watchOutbox()
