/**
 * Getting a pass while somebody still writes, and showing it when something is sent.
 *
 * The work is done on the page itself, a few milliseconds at a time: it needs no worker that an old
 * phone, a saved page or a strict browser may refuse, and nothing that is typed waits for it.
 */

import { beginWork, PASS_HEADER, parsePass, parseTask } from "../protocol/passes.js"
import { ask, askWithJson, Refused, readJson, Unreachable } from "./requests.js"

/** Digests between two looks at the clock. */
const PORTION = 32
/** Longest time that the page does nothing else. */
const SLICE_MS = 8
/** Rest between two slices as long as nobody waits for the pass. */
const REST_MS = 40
/** Passes in a row that are refused at once before it is something to wait for. */
const MOST_AT_ONCE = 3

/** Somebody waits: work without rest. */
interface Hurry {
  now: boolean
}

interface Earning {
  readonly hurry: Hurry
  readonly pass: Promise<string>
}

const earnings = new Map<string, Earning>()

/**
 * Get a pass by working for it.
 *
 * @param api - Address of the portal's API.
 * @param hurry - Whether somebody waits; may change while it works.
 *
 * @throws {Unreachable} If the portal cannot be reached now.
 * @throws {Refused} If it took so long that the portal wants other work.
 * @throws {TaskInvalid} If what answers is not the portal.
 */
export async function fetchPass(api: string, hurry: Hurry = { now: true }): Promise<string> {
  const task = parseTask(readJson(await ask(`${api}/v1/challenge`)))
  const work = beginWork(task)
  let numbers = workFor(SLICE_MS, work.go)
  while (!numbers) {
    await rest(hurry)
    numbers = workFor(SLICE_MS, work.go)
  }
  const done = { challenge: task.challenge, numbers }
  return parsePass(await askWithJson(`${api}/v1/passes`, done))
}

/** Use a pass that was got in another way, in place of work. */
export function usePass(api: string, pass: string): void {
  earnings.set(api, { hurry: { now: true }, pass: Promise.resolve(pass) })
}

/** Begin to work for a pass in the background; it is there when somebody sends. */
export function preparePass(api: string): void {
  earn(api).pass.catch(() => {}) // Whoever needs it hears of it.
}

/**
 * Do something that needs a pass, as often as passes run out on the way.
 *
 * @param api - Address of the portal's API.
 * @param attempt - What needs it; it gets the headers that show the pass.
 *
 * @throws {Unreachable} If a pass cannot be had now: trying again can help.
 */
export async function withPass<Result>(
  api: string,
  attempt: (headers: Record<string, string>) => Promise<Result>,
): Promise<Result> {
  for (let refused = 0; refused < MOST_AT_ONCE; refused += 1) {
    const earning = earn(api)
    earning.hurry.now = true
    try {
      return await attempt({ [PASS_HEADER]: await earning.pass })
    } catch (error) {
      if (!(error instanceof Refused && error.code === "pass_needed")) throw error
      if (earnings.get(api) === earning) earnings.delete(api)
    }
  }
  throw new Unreachable("no pass holds")
}

/** Forget the pass: it admitted what it was for. */
export function spendPass(api: string): void {
  earnings.delete(api)
}

function earn(api: string): Earning {
  const known = earnings.get(api)
  if (known) return known
  const hurry = { now: false }
  const earning = { hurry, pass: fetchPass(api, hurry) }
  earnings.set(api, earning)
  earning.pass.catch(() => {
    if (earnings.get(api) === earning) earnings.delete(api)
  })
  return earning
}

function workFor<Result>(milliseconds: number, go: (digests: number) => Result): Result {
  const end = performance.now() + milliseconds
  let done = go(PORTION)
  while (!done && performance.now() < end) done = go(PORTION)
  return done
}

function rest(hurry: Hurry): Promise<void> {
  return new Promise((resolve) => {
    if (!hurry.now) {
      setTimeout(resolve, REST_MS)
      return
    }
    // Timers of a page that is not in front are slowed down; messages are not.
    const { port1, port2 } = new MessageChannel()
    port1.onmessage = () => {
      port1.close()
      resolve()
    }
    port2.postMessage(null)
  })
}
