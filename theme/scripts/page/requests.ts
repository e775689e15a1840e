/** Requests to the portal: no cookies, no cache, no address of this page, and no endless waiting. */

const PATIENCE_MS = 180_000

/** The line is down or the server is busy: trying again can help. */
export class Unreachable extends Error {}

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

/**
 * Ask the portal.
 *
 * @param url - Address.
 * @param options - As for fetch.
 *
 * @throws {Unreachable} If there is no answer, or one that says "later".
 * @throws {Refused} If the server says no.
 */
export async function ask(url: string, options: RequestInit = {}): Promise<Response> {
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
    if (response.ok) return response
    throw await refusal(response)
  } catch (error) {
    throw error instanceof Refused ? error : new Unreachable(String(error))
  } finally {
    clearTimeout(timer)
  }
}

/** Ask with JSON. */
export function askWithJson(url: string, value: unknown): Promise<Response> {
  const headers = { "Content-Type": "application/json" }
  return ask(url, { method: "POST", body: JSON.stringify(value), headers })
}

async function refusal(response: Response): Promise<Error> {
  const { status } = response
  if (status >= 500 || status === 429 || status === 408) return new Unreachable(String(status))
  const problem = (await response.json().catch(() => null)) as { type?: unknown } | null
  const code = String(problem?.type ?? "")
    .split("/")
    .pop()
  return new Refused(status, code || "unknown")
}
