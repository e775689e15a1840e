/**
 * Entry of form pages where a deployer set keys of hCaptcha.
 *
 * Nothing of hCaptcha is loaded before somebody presses for it, and nobody needs to: the phone can
 * always work for a pass instead. If hCaptcha is blocked, down or says no, that is what happens.
 */

import "./old-browsers.js"
import { need } from "./page/elements.js"
import { handOver } from "./page/handed-pass.js"
import { askWithJson } from "./page/requests.js"
import { parsePass } from "./protocol/passes.js"

const SCRIPT = "https://js.hcaptcha.com/1/api.js?render=explicit&recaptchacompat=off"
const LOAD_MS = 15_000

interface HCaptcha {
  render(
    place: HTMLElement,
    options: {
      readonly sitekey: string
      readonly callback: (token: string) => void
      readonly "error-callback": () => void
    },
  ): unknown
}

function offer(section: HTMLElement): void {
  const { sitekey = "", api = "", lang = "", done = "", failed = "" } = section.dataset
  const button = need<HTMLButtonElement>(section, "[data-hcaptcha-use]")
  const said = need<HTMLElement>(section, "[data-hcaptcha-said]")
  const place = need<HTMLElement>(section, "[data-hcaptcha-place]")
  const say = (sentence: string) => {
    said.textContent = sentence
  }
  const fail = () => {
    place.replaceChildren()
    say(failed)
  }
  const exchange = async (token: string) => {
    handOver(parsePass(await askWithJson(`${api}/v1/passes`, { hcaptcha: token })))
    place.replaceChildren()
    say(done)
  }
  const use = async () => {
    button.hidden = true
    const hcaptcha = await load(`${SCRIPT}&hl=${lang}`)
    const callback = (token: string) => void exchange(token).catch(fail)
    hcaptcha.render(place, { sitekey, callback, "error-callback": fail })
  }
  button.addEventListener("click", () => void use().catch(fail))
  button.disabled = false
}

function load(url: string): Promise<HCaptcha> {
  return new Promise((resolve, reject) => {
    const element = document.createElement("script")
    const fail = () => reject(new Error("hCaptcha did not load"))
    setTimeout(fail, LOAD_MS)
    element.addEventListener("error", fail)
    element.addEventListener("load", () => {
      const { hcaptcha } = globalThis as { hcaptcha?: HCaptcha }
      if (hcaptcha) resolve(hcaptcha)
      else fail()
    })
    element.src = url
    document.head.append(element)
  })
}

const section = document.querySelector<HTMLElement>("[data-hcaptcha]")
if (section) offer(section)
