/** Requests to the portal: no cookies, no cache, no address of this page, and no endless waiting. */

const PATIENCE_MS = 180_000
const SECOND_MS = 1_000
const LONGEST_PAUSE_S = 300

/** A line on which nothing at all has moved for so long is as good as cut. */
const STILL_MS = 60_000

/** The line is down or the server is busy: trying again can help. */
export class Unreachable extends Error {}

/** The server is there and asks to come back later. */
export class Later extends Unreachable {
  /** After how long, in milliseconds. */
  readonly pauseMs: number

  constructor(status: number, pauseMs: number) {
    super(String(status))
    this.pauseMs = pauseMs
  }
}

/** The server understood and said no: trying the same again cannot help. */
export class Refused extends Error {
  readonly status: number
  /** Last part of the problem's type, e.g. "keys_outdated". */
  readonly code: string

  constructor(status: number, code: string) {
    super(`${status} ${code}`)
    this.status = status
    this.code = code
  }
}

/** Answers of a server, or of something before it, that is only busy or away. */
const LATER = [408, 429, 502, 503, 504]

/**
 * Ask the portal.
 *
 * @param url - Address.
 * @param options - As for fetch.
 *
 * @returns The answer's text; every answer of the portal is one.
 *
 * @throws {Later} If the server says when to come back.
 * @throws {Unreachable} If there is no answer, or one that says "later".
 * @throws {Refused} If the server says no.
 */
export async function ask(url: string, options: RequestInit = {}): Promise<string> {
  const patience = new AbortController()
  const timer = setTimeout(() => patience.abort(), PATIENCE_MS)
  try {
    const response = await fetch(url, {
      cache: "no-store",
      credentials: "omit",
      referrerPolicy: "no-referrer",
      signal: patience.signal,
      ...options,
    })
    if (response.ok) return await response.text()
    const answer = await response.text().catch(() => "")
    throw refusal(response.status, answer, response.headers.get("Retry-After"))
  } catch (error) {
    throw error instanceof Refused || error instanceof Later
      ? error
      : new Unreachable(String(error))
  } finally {
    clearTimeout(timer)
  }
}

/**
 * Send bytes that may take long, and tell how far they are.
 *
 * Only this old way of asking tells that. A slow line is never cut off while anything moves on it:
 * on the slowest, one piece takes minutes.
 *
 * @param url - Address.
 * @param data - The bytes.
 * @param options - Headers; and what is told how much has left, from 0 to 1.
 *
 * @throws {Unreachable} If there is no answer, or one that says "later".
 * @throws {Refused} If the server says no.
 */
export function put(
  url: string,
  data: Blob,
  { headers, onShare }: { headers: Record<string, string>; onShare: (share: number) => void },
): Promise<void> {
  const request = new XMLHttpRequest()
  let timer = 0
  const moved = () => {
    clearTimeout(timer)
    timer = setTimeout(() => request.abort(), STILL_MS)
  }
  return new Promise<void>((resolve, reject) => {
    request.upload.addEventListener("progress", ({ loaded, total }) => {
      moved()
      if (total > 0) onShare(loaded / total)
    })
    request.addEventListener("loadend", () => {
      clearTimeout(timer)
      const { status, responseText } = request
      if (status >= 200 && status < 300) resolve()
      else if (status === 0) reject(new Unreachable("cut"))
      else reject(refusal(status, responseText, request.getResponseHeader("Retry-After")))
    })
    request.open("PUT", url)
    for (const name in headers) request.setRequestHeader(name, headers[name] ?? "")
    request.send(data)
    moved()
  })
}

/** Send JSON and read JSON. */
export async function askWithJson(url: string, value: unknown): Promise<unknown> {
  const headers = { "Content-Type": "application/json" }
  return readJson(await ask(url, { method: "POST", body: JSON.stringify(value), headers }))
}

/**
 * Read an answer as JSON.
 *
 * @throws {Unreachable} If it is none: the sign-in page of a public network answers in our place.
 */
export function readJson(answer: string): unknown {
  try {
    return JSON.parse(answer)
  } catch {
    throw new Unreachable("not our answer")
  }
}

function refusal(status: number, answer: string, retryAfter: string | null): Error {
  if (LATER.includes(status)) {
    const seconds = Number(retryAfter)
    const known = seconds > 0 && seconds <= LONGEST_PAUSE_S
    return known ? new Later(status, seconds * SECOND_MS) : new Unreachable(String(status))
  }
  const code = typeOf(answer).split("/").pop()
  return new Refused(status, code || "unknown")
}

function typeOf(answer: string): string {
  try {
    return String((JSON.parse(answer) as { type?: unknown } | null)?.type ?? "")
  } catch {
    return ""
  }
}
