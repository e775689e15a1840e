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
  /** Begin nothing new until {@link Patience.goOn}. */
  pause(): void
  goOn(): void
  /**
   * Wait until it is allowed to begin something new.
   *
   * @throws {GivenUp} If it never will be.
   */
  turn(): Promise<void>
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
  let paused: Promise<void> | null = null
  let unpause = () => {}

  const turn = async () => {
    while (paused) await paused
    if (givenUp) throw new GivenUp()
  }
  const goOn = () => {
    paused = null
    unpause()
    wake()
  }
  const worked = () => {
    if (failures > 0) onWaiting(false, "network")
    failures = 0
  }
  return {
    ...{ turn, goOn, worked },
    tryNow: () => wake(),
    pause() {
      paused ??= new Promise((resolve) => {
        unpause = resolve
      })
    },
    giveUp() {
      givenUp = true
      goOn()
    },
    async until(attempt) {
      for (;;) {
        await turn()
        try {
          const result = await attempt()
          worked()
          return result
        } catch (error) {
          if (!(error instanceof Unreachable)) throw error
          const asked = error instanceof Later ? error.pauseMs : 0
          onWaiting(true, asked > 0 ? "turn" : "network")
          await nap(asked, failures, (stop) => {
            wake = stop
          })
          failures += 1
        }
      }
    },
  }
}

/** Sleep until it is time, there is network again, or somebody looks at the page again. */
function nap(asked: number, failures: number, onWake: (stop: () => void) => void): Promise<void> {
  // Many phones lose and find the same network together: they must not come back as one.
  const longest = Math.min(LONGEST_PAUSE_MS, FIRST_PAUSE_MS * 2 ** failures)
  return new Promise((resolve) => {
    const stop = () => {
      clearTimeout(timer)
      removeEventListener("online", stop)
      document.removeEventListener("visibilitychange", stop)
      resolve()
    }
    const timer = setTimeout(stop, asked + longest * (0.5 + Math.random() / 2))
    addEventListener("online", stop)
    // Phones stop the clocks of pages that nobody sees.
    document.addEventListener("visibilitychange", stop)
    onWake(stop)
  })
}
