/** Trying again: later and later, at once when the network is back or the person says so. */

import { Later, Unreachable } from "../page/requests.js"

const FIRST_PAUSE_MS = 1_000
const LONGEST_PAUSE_MS = 30_000

/** The person does not want to wait on this page. */
export class GivenUp extends Error {}

/** Keeps trying until it works. Nothing is given up while the page is open. */
export interface Patience {
  /** Do something again and again until it does not fail for want of a network. */
  until<Result>(attempt: () => Promise<Result>): Promise<Result>
  /** Something got through: the network is back. */
  worked(): void
  /** Try now instead of at the end of the pause. */
  tryNow(): void
  /** Stop trying: what is waited for ends with {@link GivenUp}. */
  giveUp(): void
}

/**
 * Make a patience.
 *
 * @param onWaiting - Told when a pause begins and when trying goes on, and what it waits for: the
 *   network, or a portal that asked to come back later.
 */
export function makePatience(
  onWaiting: (waiting: boolean, forWhat: "network" | "turn") => void,
): Patience {
  let wake = () => {}
  let failures = 0
  let givenUp = false
  const worked = () => {
    if (failures > 0) onWaiting(false, "network")
    failures = 0
  }

  const pause = (milliseconds: number) =>
    new Promise<void>((resolve) => {
      const timer = setTimeout(() => wake(), milliseconds)
      const onOnline = () => wake()
      addEventListener("online", onOnline)
      wake = () => {
        clearTimeout(timer)
        removeEventListener("online", onOnline)
        resolve()
      }
    })

  return {
    worked,
    tryNow: () => wake(),
    giveUp() {
      givenUp = true
      wake()
    },
    async until(attempt) {
      for (;;) {
        try {
          const result = await attempt()
          worked()
          return result
        } catch (error) {
          if (!(error instanceof Unreachable)) throw error
          const asked = error instanceof Later ? error.pauseMs : 0
          onWaiting(true, asked > 0 ? "turn" : "network")
          // Many phones lose and find the same network together: they must not come back as one.
          const longest = Math.min(LONGEST_PAUSE_MS, FIRST_PAUSE_MS * 2 ** failures)
          failures += 1
          await pause(asked + longest * (0.5 + Math.random() / 2))
          if (givenUp) throw new GivenUp()
        }
      }
    },
  }
}
