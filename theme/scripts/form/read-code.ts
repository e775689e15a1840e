/** Reading a code aloud, group by group, with a voice that lives on this phone. */

import { QUICK_EXIT } from "../behaviours/quick-exit.js"
import { ownVoice } from "../behaviours/voices.js"
import { button } from "../page/elements.js"
import type { Texts } from "../page/texts.js"

const SLOWLY = 0.7
const GROUP = /.{4}/g
const NOW = "is-spoken"

/**
 * Offer to read a code aloud. Nothing is offered where this phone has no voice for the language.
 *
 * @param texts - Sentences.
 * @param code - 24 ASCII digits.
 * @param shown - Where the code stands; the group that is heard is marked there.
 */
export function readCode(texts: Texts, code: string, shown: HTMLElement): HTMLButtonElement {
  const speech = window.speechSynthesis as SpeechSynthesis | undefined
  const stop = () => {
    speech?.cancel()
    unmark(shown)
    press.textContent = texts.say("received.code.read")
    press.dataset.state = "off"
  }
  const press = button(
    texts.say("received.code.read"),
    () => {
      const voice = speech && ownVoice(speech, texts.lang)
      const isSpeaking = press.dataset.state === "speaking"
      stop()
      if (!voice || isSpeaking) return
      press.dataset.state = "speaking"
      press.textContent = texts.say("received.code.read_stop")
      speakGroups(speech, voice, { code, shown, stop })
    },
    "button--quiet",
  )
  press.setAttribute("data-read-code", "")
  const offer = () => {
    press.hidden = !speech || !ownVoice(speech, texts.lang)
  }
  offer()
  // Voices often come later than the page.
  speech?.addEventListener?.("voiceschanged", offer)
  addEventListener("pagehide", stop)
  document.addEventListener(QUICK_EXIT, stop)
  return press
}

interface Reading {
  readonly code: string
  readonly shown: HTMLElement
  readonly stop: () => void
}

function speakGroups(speech: SpeechSynthesis, voice: SpeechSynthesisVoice, reading: Reading): void {
  const groups = reading.code.match(GROUP) ?? []
  const places = Array.from(reading.shown.querySelectorAll(".code__group"))
  groups.forEach((group, place) => {
    // Commas, so that a voice says four digits and not one number.
    const spoken = new SpeechSynthesisUtterance(Array.from(group).join(", "))
    spoken.voice = voice
    spoken.lang = voice.lang
    spoken.rate = SLOWLY
    spoken.addEventListener("start", () => {
      unmark(reading.shown)
      places[place]?.classList.add(NOW)
    })
    if (place === groups.length - 1) spoken.addEventListener("end", reading.stop)
    speech.speak(spoken)
  })
}

function unmark(shown: HTMLElement): void {
  for (const marked of Array.from(shown.querySelectorAll(`.${NOW}`))) marked.classList.remove(NOW)
}
