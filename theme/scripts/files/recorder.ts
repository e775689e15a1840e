/** The microphone: a short voice message, held in memory and nowhere else. */

/** Longest message, in seconds. */
export const LONGEST_SECONDS = 180

const BITS_A_SECOND = 24_000
const PIECE_MS = 1_000
const TICK_MS = 250

/** What browsers can record, the best first: Opus nearly everywhere, AAC where only that is. */
const KINDS = ["audio/webm;codecs=opus", "audio/ogg;codecs=opus", "audio/mp4"]
const ENDINGS: Readonly<Record<string, string>> = {
  "audio/webm": "webm",
  "audio/ogg": "ogg",
  "audio/mp4": "m4a",
}

/** A finished message. */
export interface Recorded {
  readonly sound: File
  readonly seconds: number
}

/** What happens while recording. */
export interface Listener {
  /** Told several times a second. */
  onTime(seconds: number): void
  /** Told once: with the message, or with null if nothing was heard or it was thrown away. */
  onEnd(recorded: Recorded | null): void
}

/** A message that is being recorded. */
export interface Recording {
  isPaused(): boolean
  pause(): void
  goOn(): void
  /** Stop and keep what was recorded. */
  finish(): void
  /** Stop at once and keep nothing. */
  discard(): void
}

/** Tell whether this browser can record at all. */
export function canRecord(): boolean {
  // Some browsers have one without the other, and pages without encryption have neither.
  const { mediaDevices } = navigator as Partial<Navigator>
  return typeof MediaRecorder === "function" && Boolean(mediaDevices?.getUserMedia)
}

/**
 * Ask for the microphone and begin.
 *
 * @param listener - Told what happens.
 *
 * @throws {DOMException} If there is no microphone, or the person or the browser does not allow it.
 */
export async function record(listener: Listener): Promise<Recording> {
  const microphone = await navigator.mediaDevices.getUserMedia({
    audio: { channelCount: 1, echoCancellation: true, noiseSuppression: true },
  })
  const type = KINDS.find((kind) => MediaRecorder.isTypeSupported(kind)) ?? ""
  const options = { audioBitsPerSecond: BITS_A_SECOND, ...(type ? { mimeType: type } : {}) }
  try {
    return begin(new MediaRecorder(microphone, options), microphone, listener)
  } catch (error) {
    release(microphone)
    throw error
  }
}

function begin(recorder: MediaRecorder, microphone: MediaStream, listener: Listener): Recording {
  const pieces: Blob[] = []
  const clock = makeClock()
  let kept = true
  const end = (keep: boolean) => {
    kept &&= keep
    clock.stop()
    clearInterval(timer)
    if (recorder.state !== "inactive") recorder.stop()
    release(microphone) // At once: the phone shows that nobody listens any more.
  }
  const timer = setInterval(() => {
    listener.onTime(clock.seconds())
    if (clock.seconds() >= LONGEST_SECONDS) end(true)
  }, TICK_MS)
  recorder.addEventListener("dataavailable", ({ data }) => {
    if (kept && data.size > 0) pieces.push(data)
  })
  recorder.addEventListener("stop", () => {
    end(kept) // Also if the microphone was unplugged.
    listener.onEnd(kept && pieces.length > 0 ? finished(pieces, recorder, clock.seconds()) : null)
  })
  recorder.start(PIECE_MS)
  clock.start()
  return {
    isPaused: () => recorder.state === "paused",
    pause() {
      recorder.pause()
      clock.stop()
    },
    goOn() {
      recorder.resume()
      clock.start()
    },
    finish: () => end(true),
    discard: () => end(false),
  }
}

function finished(pieces: Blob[], { mimeType }: MediaRecorder, seconds: number): Recorded {
  const type = mimeType.split(";")[0] ?? ""
  const name = `voice-message.${ENDINGS[type] ?? "bin"}`
  return { sound: new File(pieces, name, { type, lastModified: 0 }), seconds }
}

function release(microphone: MediaStream): void {
  for (const track of microphone.getTracks()) track.stop()
}

/** Measures only the time in which it runs. */
function makeClock() {
  let before = 0
  let since: number | null = null
  const seconds = () => before + (since === null ? 0 : (performance.now() - since) / 1_000)
  return {
    seconds,
    start() {
      since ??= performance.now()
    },
    stop() {
      before = seconds()
      since = null
    },
  }
}
