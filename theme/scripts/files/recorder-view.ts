/** Speaking instead of writing: what a person sees and presses. */

import { QUICK_EXIT } from "../behaviours/quick-exit.js"
import { button, make } from "../page/elements.js"
import type { Texts } from "../page/texts.js"
import { clockTime } from "./measures.js"
import { LONGEST_SECONDS, type Recorded, type Recording, record } from "./recorder.js"

/** Seconds before the end at which a voice that reads the screen says how much is left. */
const TOLD = [60, 30, 10]

type State = "idle" | "asking" | "recording" | "paused"

/** The place for recording. */
export interface RecorderView {
  readonly element: HTMLElement
  /** True while the microphone is open, or is being asked for. */
  readonly running: boolean
  /** A message is there already, or not any more. */
  has(message: boolean): void
  /** Stop and keep. */
  finish(): void
  /** Stop at once and keep nothing. */
  discard(): void
}

/**
 * Make the place for recording. The microphone is asked for only when somebody presses.
 *
 * @param texts - Sentences.
 * @param onRecorded - Told when a message is there; the one before it makes room.
 */
export function recorderView(texts: Texts, onRecorded: (recorded: Recorded) => void): RecorderView {
  const parts = partsOf(texts)
  const controls = controlsOf(parts, onRecorded)
  const { finish, discard } = controls
  parts.begin.addEventListener("click", () => void controls.start())
  parts.pause.addEventListener("click", controls.pauseOrGoOn)
  for (const [pressed, act] of [
    [parts.finish, finish] as const,
    [parts.discard, discard] as const,
  ]) {
    pressed.addEventListener("click", () => {
      act()
      parts.begin.focus()
    })
  }
  letGoWhenLeft(finish, discard)
  parts.show("idle", "")
  return {
    element: parts.element,
    get running() {
      return parts.element.dataset.voice !== "idle"
    },
    has: parts.has,
    ...{ finish, discard },
  }
}

/** What the buttons do. */
function controlsOf(parts: Parts, onRecorded: (recorded: Recorded) => void) {
  let recording: Recording | null = null
  let asked = 0 // A permission that comes after everything was put away opens no microphone.
  const ended = (recorded: Recorded | null, thrownAway: boolean) => {
    recording = null
    if (!recorded) return parts.show("idle", thrownAway ? "discarded" : "nothing")
    parts.show("idle", recorded.seconds >= LONGEST_SECONDS ? "full" : "done")
    onRecorded(recorded)
  }
  const open = async () => {
    const mine = ++asked
    let thrownAway = false
    const onEnd = (recorded: Recorded | null) => ended(recorded, thrownAway)
    const begun = await record({ onTime: parts.time, onEnd })
    const discard = () => {
      thrownAway = true
      begun.discard()
    }
    recording = { ...begun, discard }
    // Left, or put away, while the browser asked: then nobody wants to be heard.
    if (mine !== asked || document.visibilityState === "hidden") return discard()
    parts.show("recording", "running")
    parts.finish.focus()
  }
  return {
    async start() {
      parts.show("asking", "asking")
      parts.time(0)
      await open().catch((error: unknown) => parts.show("idle", reasonOf(error)))
    },
    pauseOrGoOn() {
      if (recording?.isPaused()) recording.goOn()
      else recording?.pause()
      const paused = recording?.isPaused() === true
      parts.show(paused ? "paused" : "recording", paused ? "paused" : "running")
    },
    finish: () => recording?.finish(),
    discard() {
      asked += 1
      recording?.discard()
    },
  }
}

/** Nobody is recorded without seeing this page. */
function letGoWhenLeft(finish: () => void, discard: () => void): void {
  document.addEventListener("visibilitychange", () => {
    if (document.visibilityState === "hidden") finish()
  })
  document.addEventListener(QUICK_EXIT, discard)
  addEventListener("pagehide", discard)
}

function reasonOf(error: unknown): string {
  const name = error instanceof DOMException ? error.name : ""
  if (name === "NotAllowedError" || name === "SecurityError") return "refused"
  return name === "NotFoundError" ? "no_microphone" : "failed"
}

type Parts = ReturnType<typeof partsOf>

function partsOf(texts: Texts) {
  const say = (key: string) => texts.say(`voice.${key}`)
  const buttons = buttonsOf(say)
  const { begin, pause, finish, discard } = buttons
  const said = make("p", { class: "voice__said", role: "status" })
  const clock = clockOf(texts)
  const element = make(
    "div",
    { class: "voice", "data-voice": "idle" },
    make("p", { class: "voice__before" }, say("before")),
    ...[clock.element, said],
    make("div", { class: "voice__buttons" }, begin, finish, pause, discard),
    make("p", { class: "voice__or" }, say("or_choose")),
  )
  return {
    ...{ element, ...buttons, time: clock.time },
    has(message: boolean) {
      begin.textContent = say(message ? "again" : "begin")
    },
    show(state: State, sentence: string) {
      const live = state === "recording" || state === "paused"
      element.dataset.voice = state
      clock.element.hidden = !live
      begin.hidden = state !== "idle"
      for (const one of [pause, finish, discard]) one.hidden = !live
      pause.textContent = say(state === "paused" ? "go_on" : "pause")
      said.textContent = sentence && say(sentence)
    },
  }
}

function buttonsOf(say: (key: string) => string) {
  const nothing = () => {}
  const begin = button(say("begin"), nothing)
  const finish = button(say("finish"), nothing)
  begin.dataset.record = ""
  finish.dataset.finish = ""
  const pause = button(say("pause"), nothing, "button--quiet")
  const discard = button(say("discard"), nothing, "button--quiet")
  return { begin, finish, pause, discard }
}

/** How much time is left: seen all the time, read aloud only now and then. */
function clockOf(texts: Texts) {
  const told = make("p", { class: "visually-hidden", role: "status" })
  const left = make("p", { class: "voice__time", role: "timer" })
  const bar = make("progress", { max: String(LONGEST_SECONDS), "aria-hidden": "true" })
  return {
    element: make("div", { class: "voice__clock" }, left, bar, told),
    time(seconds: number) {
      const rest = Math.max(0, LONGEST_SECONDS - Math.floor(seconds))
      const sentence = texts.say("voice.left", { time: clockTime(rest, texts.lang) })
      bar.value = seconds
      if (left.textContent === sentence) return
      left.textContent = sentence
      if (TOLD.includes(rest)) told.textContent = sentence
    },
  }
}
