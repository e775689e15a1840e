/**
 * Reading aloud with a voice that lives on this phone.
 *
 * Many browsers offer voices that live on somebody's server: those would be told what is being read
 * here, so they are never used. Without a voice of its own for the language, nothing is offered.
 */

import { button } from "../page/elements.js"
import { QUICK_EXIT } from "./quick-exit.js"
import { ownVoice } from "./voices.js"

const SPOKEN = "main h1, main .prose h2, main .prose h3, main .prose p, main .prose li"
const NOW = "is-spoken"

/**
 * Offer to read the page aloud, if this phone can.
 *
 * @param place - Where the buttons go; it carries their words.
 * @param speech - The browser's speech; tests pass their own voices through it.
 */
export function readAloud(place: HTMLElement, speech: SpeechSynthesis): void {
  const lang = document.documentElement.lang.split("-")[0] ?? ""
  const offer = () => {
    const voice = ownVoice(speech, lang)
    place.hidden = !voice
    if (voice && !place.hasChildNodes()) place.append(...controls(place, speech, voice))
  }
  offer()
  // Voices often come later than the page.
  speech.addEventListener?.("voiceschanged", offer)
  for (const leaving of ["pagehide", QUICK_EXIT]) {
    const target = leaving === "pagehide" ? window : document
    target.addEventListener(leaving, () => speech.cancel())
  }
}

function controls(place: HTMLElement, speech: SpeechSynthesis, voice: SpeechSynthesisVoice) {
  const { start = "", pause = "", resume = "", stop = "" } = place.dataset
  const show = (state: "off" | "speaking" | "paused") => {
    main.textContent = { off: start, speaking: pause, paused: resume }[state]
    main.dataset.state = state
    end.hidden = state === "off"
  }
  const finish = () => {
    speech.cancel()
    for (const marked of Array.from(document.querySelectorAll(`.${NOW}`))) {
      marked.classList.remove(NOW)
    }
    show("off")
  }
  const main = button(start, () => {
    const state = main.dataset.state ?? "off"
    if (state === "speaking") speech.pause()
    else if (state === "paused") speech.resume()
    else speakAll(speech, voice, finish)
    show(state === "speaking" ? "paused" : "speaking")
  })
  const end = button(stop, finish, "button--quiet")
  end.hidden = true
  return [main, " ", end]
}

/** Speak one part after the other, and mark the one that is heard. */
function speakAll(speech: SpeechSynthesis, voice: SpeechSynthesisVoice, finish: () => void): void {
  const parts = Array.from(document.querySelectorAll<HTMLElement>(SPOKEN)).filter(
    (part) => part.innerText.trim() !== "" && !part.querySelector("p, li"),
  )
  speech.cancel()
  parts.forEach((part, place) => {
    const spoken = new SpeechSynthesisUtterance(part.innerText)
    spoken.voice = voice
    spoken.lang = voice.lang
    spoken.addEventListener("start", () => {
      part.classList.add(NOW)
      part.scrollIntoView({ block: "nearest" })
    })
    spoken.addEventListener("end", () => {
      part.classList.remove(NOW)
      if (place === parts.length - 1) finish()
    })
    speech.speak(spoken)
  })
}
