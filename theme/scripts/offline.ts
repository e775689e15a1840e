/** Entry of the page on which somebody keeps the site on this phone, or removes it. */

import "./old-browsers.js"
import { button, make, need } from "./page/elements.js"
import { dayInWords, percentInWords, type Texts, type TextTree, textsOf } from "./page/texts.js"

const WORKER = "/worker.js"
const PREFIX = "pages-"
const KILOBYTE = 1024

interface List {
  readonly bytes: number
  readonly day?: string
}

async function offlinePage(place: HTMLElement): Promise<void> {
  const { lang = "" } = place.dataset
  const tree = JSON.parse(need(document, "#offline-data").textContent ?? "") as TextTree
  const texts = textsOf(tree, lang)
  if (!("serviceWorker" in navigator && "caches" in window)) {
    place.replaceChildren(make("p", {}, texts.say("unable")))
    return
  }
  await showState(place, texts)
}

/** Say what is kept, and offer to keep or to remove. Asking leaves nothing on the phone. */
async function showState(place: HTMLElement, texts: Texts): Promise<void> {
  const { lang } = texts
  const cache = (await caches.has(PREFIX + lang)) ? await caches.open(PREFIX + lang) : undefined
  const kept = (await (await cache?.match(`/${lang}/offline.json`))?.json()) as List | undefined
  const state = make("p", { role: "status", "data-offline-state": "" })
  place.replaceChildren(state)
  if (kept) {
    state.textContent = texts.say("kept_on", { day: dayInWords(kept.day ?? "", lang) })
    place.append(button(texts.say("remove"), () => void remove(place, texts), "button--quiet"))
    return
  }
  const list = (await (await fetch(`/${lang}/offline.json`)).json()) as List
  state.textContent = texts.say("not_kept", { size: Math.ceil(list.bytes / KILOBYTE) })
  place.append(button(texts.say("keep"), () => void keep(place, texts)))
}

async function keep(place: HTMLElement, texts: Texts): Promise<void> {
  const bar = make("progress", { "aria-label": texts.say("keeping"), max: "1", value: "0" })
  const state = make("p", { role: "status" }, texts.say("keeping"))
  const share = make("p", {})
  place.replaceChildren(state, bar, share)
  try {
    await askWorker(texts.lang, (part) => {
      bar.value = part
      share.textContent = percentInWords(part, texts.lang)
    })
    await showState(place, texts)
  } catch {
    place.replaceChildren(
      make("p", { role: "status", "data-offline-state": "" }, texts.say("failed")),
      button(texts.say("keep"), () => void keep(place, texts)),
    )
  }
}

/** Remove everything of all languages, and the worker itself. */
async function remove(place: HTMLElement, texts: Texts): Promise<void> {
  for (const name of await caches.keys()) {
    if (name.startsWith(PREFIX)) await caches.delete(name)
  }
  for (const one of await navigator.serviceWorker.getRegistrations()) await one.unregister()
  place.replaceChildren(
    make("p", { role: "status", "data-offline-state": "" }, texts.say("removed")),
  )
}

async function askWorker(lang: string, tell: (share: number) => void): Promise<void> {
  await navigator.serviceWorker.register(WORKER)
  const { active } = await navigator.serviceWorker.ready
  await new Promise<void>((resolve, reject) => {
    const { port1, port2 } = new MessageChannel()
    port1.onmessage = ({ data }) => {
      if (data.done) resolve()
      else if (data.failed) reject(new Error("not all of it came"))
      else tell(data.share)
    }
    active?.postMessage({ lang }, [port2])
  })
}

const place = document.querySelector<HTMLElement>("[data-offline]")
if (place) void offlinePage(place).catch(() => {})
