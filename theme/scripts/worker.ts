/**
 * Entry of the worker: gives the pages that somebody chose to keep when there is no network.
 *
 * It exists only on phones whose owner pressed "keep". It keeps what `/<language>/offline.json`
 * lists, which is the same for everybody, and nothing else: no answers, no messages, no searches.
 */

interface Waits extends Event {
  waitUntil(work: Promise<unknown>): void
}
interface Asked extends Waits {
  readonly request: Request
  respondWith(answer: Promise<Response>): void
}
interface Told extends Waits {
  readonly data: { readonly lang: string }
  readonly ports: readonly MessagePort[]
}
interface KeptList {
  /** Address and SHA-256 of each file; no hash for what the service answers. */
  readonly files: readonly (readonly [string, string])[]
  readonly checked?: number
  readonly day?: string
}

const PREFIX = "pages-"
const KEYS = "/v1/keys"
const PATIENCE_MS = 5_000
const AN_HOUR_MS = 3_600_000
const SERVER_FAILED = 500

addEventListener("message", (event) => {
  const { data, ports, waitUntil } = event as unknown as Told
  const tell = (message: object) => ports[0]?.postMessage(message)
  waitUntil.call(
    event,
    keep(data.lang, (share) => tell({ share })).then(
      () => tell({ done: true }),
      () => tell({ failed: true }),
    ),
  )
})

addEventListener("fetch", (event) => {
  const asked = event as unknown as Asked
  const { request } = asked
  const { origin, pathname, search } = new URL(request.url)
  const service = pathname.startsWith("/v1/") && pathname !== KEYS
  if (request.method !== "GET" || origin !== location.origin || search || service) return
  asked.respondWith(pathname.startsWith("/assets/") ? keptFirst(request) : netFirst(asked))
})

/** Files with a hash in their name never change. */
async function keptFirst(request: Request): Promise<Response> {
  return (await kept(request)) ?? fetch(request)
}

/** Pages come from the network, so that a new warning is seen at once; without it, what was kept. */
async function netFirst(asked: Asked): Promise<Response> {
  const { request } = asked
  const copy = await kept(request)
  const fetched = fetch(request)
  if (!copy) return fetched.catch((error) => otherwise(request, error))
  const patience = new Promise<null>((resolve) => setTimeout(() => resolve(null), PATIENCE_MS))
  const answer = await Promise.race([fetched.catch(() => null), patience])
  // A page that is gone is gone; only a server that is down is like no network.
  if (!answer || answer.status >= SERVER_FAILED) return shown(copy, request)
  if (request.mode === "navigate") asked.waitUntil(refresh(languageOf(request)).catch(() => {}))
  return answer
}

/** A page that was not kept: the page about kept pages says what there is. */
async function otherwise(request: Request, error: unknown): Promise<Response> {
  const page = `/${languageOf(request)}/offline/`
  const copy = request.mode === "navigate" ? await kept(new Request(page)) : undefined
  if (!copy) throw error
  return shown(copy, request)
}

/** A kept page says that it is one, and of which day. */
async function shown(copy: Response, request: Request): Promise<Response> {
  if (!(copy.headers.get("content-type") ?? "").startsWith("text/html")) return copy
  const lang = languageOf(request)
  const day = (await keptList(await caches.open(PREFIX + lang), lang))?.day ?? ""
  const locale = lang === "ar" ? "ar-SY-u-nu-arab" : lang
  const words = day && new Date(day).toLocaleDateString(locale, { dateStyle: "long" } as object)
  const text = (await copy.text()).replace(" data-kept hidden>", " data-kept>")
  return new Response(text.replace("%%DAY%%", words), { headers: copy.headers })
}

async function refresh(lang: string): Promise<void> {
  const known = await keptList(await caches.open(PREFIX + lang), lang)
  if (known && Date.now() - (known.checked ?? 0) > AN_HOUR_MS) await keep(lang, () => {})
}

/**
 * Keep what is listed: fetch what changed, drop what is gone, remember the list last.
 *
 * @param lang - Language of the pages.
 * @param tell - Told how much is there, from 0 to 1.
 */
async function keep(lang: string, tell: (share: number) => void): Promise<void> {
  const address = listOf(lang)
  const list = (await (await fetched(address)).json()) as KeptList
  const cache = await caches.open(PREFIX + lang)
  const known = new Map((await keptList(cache, lang))?.files)
  let there = 0
  for (const [file, hash] of list.files) {
    if (!hash || known.get(file) !== hash || !(await cache.match(file))) {
      await cache.put(file, await checked(await fetched(file), hash))
    }
    there += 1
    tell(there / list.files.length)
  }
  const wanted = new Set([address, ...list.files.map(([file]) => file)])
  for (const request of await cache.keys()) {
    if (!wanted.has(new URL(request.url).pathname)) await cache.delete(request)
  }
  const now = { ...list, checked: Date.now(), day: new Date().toISOString().slice(0, 10) }
  await cache.put(address, new Response(JSON.stringify(now)))
}

async function fetched(address: string): Promise<Response> {
  const answer = await fetch(address, { cache: "no-cache", credentials: "omit", redirect: "error" })
  if (!answer.ok) throw new Error(address)
  return answer
}

/** The sign-in page of a public network must not be kept in the place of a page. */
async function checked(answer: Response, hash: string): Promise<Response> {
  if (!hash) return answer
  const digest = await crypto.subtle.digest("SHA-256", await answer.clone().arrayBuffer())
  const hex = Array.from(new Uint8Array(digest), (byte) => byte.toString(16).padStart(2, "0"))
  if (!hex.join("").startsWith(hash)) throw new Error("not the file that is listed")
  return answer
}

async function kept(request: Request): Promise<Response | undefined> {
  return caches.match(new URL(request.url).pathname)
}

async function keptList(cache: Cache, lang: string): Promise<KeptList | undefined> {
  return (await cache.match(listOf(lang)))?.json()
}

function listOf(lang: string): string {
  return `/${lang}/offline.json`
}

function languageOf(request: Request): string {
  return new URL(request.url).pathname.split("/")[1] ?? ""
}
