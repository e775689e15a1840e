/** The encrypting form: from a filled page to the page after sending. */

import { outboxView } from "../outbox/outbox-view.js"
import { keepWaiting, type Waiting } from "../outbox/store.js"
import { goTo, make, need } from "../page/elements.js"
import { forgetWhenLeft } from "../page/forget.js"
import { today } from "../page/keys.js"
import type { PageContext } from "../page/page-data.js"
import { PhotoUnreadable } from "../photos/errors.js"
import { check, consentChoices, type FormDefinition, fromInputs } from "./answers.js"
import { followConditions } from "./conditions.js"
import { deliver } from "./delivery.js"
import { failureSentences } from "./failure.js"
import { filledInBy } from "./helper.js"
import { freeze, readInputs } from "./inputs.js"
import { type Guard, guardLeaving } from "./leaving.js"
import { GivenUp, makePatience, type Patience } from "./patience.js"
import {
  photoComplaints,
  preparePhotos,
  showPhotoLimits,
  unreadableComplaint,
} from "./photo-question.js"
import { type Complaint, complaintOf, showComplaints } from "./problems.js"
import { makeProgress, type Progress } from "./progress.js"
import { type Finished, receivedView } from "./received.js"
import type { Draft, SealedDraft } from "./sealing.js"
import { NETWORK, type Way } from "./way.js"

/**
 * Make a form send itself encrypted.
 *
 * Only now can it be sent at all: its button was disabled, and its method sends nothing.
 *
 * @param form - The form.
 * @param page - The page with its data.
 * @param way - How it leaves the page.
 */
export function encryptingForm(form: HTMLFormElement, page: PageContext, way: Way = NETWORK): void {
  const { form: definition } = page.data
  if (!definition) throw new Error("the page does not define its form")
  const guard = guardLeaving()
  followConditions(form)

  form.addEventListener("submit", (event) => {
    event.preventDefault()
    if (!form.querySelector("[data-sending]")) void submit({ form, definition, page, guard, way })
  })
  form.addEventListener("change", ({ target }) => {
    if ((target as HTMLInputElement).type === "file") showPhotoLimits(form, page.texts)
  })
  form.addEventListener("input", () => void makeReady(page.data.api, way), { once: true })
  say(form, page.texts.say("form.ready"))
  need<HTMLButtonElement>(form, "[data-send]").disabled = false
}

/** Load what sealing needs while there is network; by the time of sending it may be gone. */
async function makeReady(api: string, way: Way): Promise<void> {
  way.prepare?.(api)
  await Promise.allSettled([way.slowHash(), way.keys(api)])
}

interface Submitting {
  readonly form: HTMLFormElement
  readonly definition: FormDefinition
  readonly page: PageContext
  readonly guard: Guard
  readonly way: Way
}

async function submit(submitting: Submitting): Promise<void> {
  const { form, page, guard, way } = submitting
  if (showComplaintsOf(submitting)) return
  const patience = makePatience((waiting, forWhat) => progress.waiting(waiting, forWhat))
  const progress = makeProgress(page.texts, () => patience.tryNow())
  say(form, "")
  const draft = prepareDraft(submitting, progress)
  const melt = freeze(form)
  need(form, "[data-form-state]").after(progress.element)
  goTo(progress.element)
  guard.start()
  try {
    const { api, deployment } = page.data
    const ready = await draft
    const onStage: Parameters<typeof deliver>[1]["onStage"] = (stage, number) =>
      progress.stage(stage, number ? { number, of: ready.photos.length } : undefined)
    const onProgress = progress.share
    const onOldKeys = () => progress.note("sending.keys_old")
    const onSealed = offerKeeping(submitting, progress, patience)
    const line = { api, deployment, way, patience, onProgress, onStage, onOldKeys, onSealed }
    const { code, receipt } = await deliver(ready, line)
    showFinished(submitting, way.finished(code, receipt))
  } catch (error) {
    if (error instanceof GivenUp) return // It waits on this phone, and the page says so.
    guard.stop()
    progress.element.remove()
    melt()
    showFailure(submitting, error)
  }
}

function showComplaintsOf({ form, definition, page }: Submitting): boolean {
  const inputs = readInputs(form)
  const complaints: Complaint[] = [
    ...check(definition, fromInputs(definition, inputs), inputs).map((problem) =>
      complaintOf(definition, problem),
    ),
    ...photoComplaints(form, page.texts),
  ]
  showComplaints(form, complaints)
  return complaints.length > 0
}

async function prepareDraft(
  { form, definition, page }: Submitting,
  progress: Progress,
): Promise<Draft> {
  const { id, version, type } = definition
  const inputs = readInputs(form)
  const answers = fromInputs(definition, inputs)
  const consents = consentChoices(definition, inputs)
  progress.stage("photos")
  const photos = await preparePhotos(form)
  const written = { id, version, ...filledInBy(definition, inputs), answers, consents }
  return { type, lang: page.data.lang, form: written, photos }
}

/** Offer to let what is sealed wait on this phone; only the sealed bytes are kept, not the code. */
function offerKeeping(submitting: Submitting, progress: Progress, patience: Patience) {
  let latest: SealedDraft
  let offered = false
  return (sealed: SealedDraft, code: string): void => {
    latest = sealed
    if (offered) return
    offered = true
    progress.offerKeeping(async () => {
      const { submission, chunks } = latest
      const { api } = submitting.page.data
      const waiting: Waiting = { ...submission, chunks, api, day: today() }
      try {
        await keepWaiting(waiting)
      } catch {
        progress.note("sending.not_kept")
        return
      }
      patience.giveUp()
      showFinished(submitting, { code, day: today(), how: "kept" })
      need(document, "[data-received]").prepend(outboxView(waiting, submitting.page.outbox))
    })
  }
}

function showFinished({ form, page, guard }: Submitting, finished: Finished): void {
  const { texts } = page
  const view = receivedView({ texts, finished, onCodeKept: guard.stop })
  form.reset()
  const main = form.closest("main") ?? document.body
  main.replaceChildren(view)
  forgetWhenLeft(main)
  goTo(need(view, "h1"))
}

function showFailure({ form, page }: Submitting, error: unknown): void {
  if (error instanceof PhotoUnreadable) {
    showComplaints(form, [unreadableComplaint(error, page.texts)])
    say(form, page.texts.say("form.ready"))
    return
  }
  const sentences = failureSentences(error, page).map((text) => make("span", {}, text, " "))
  const state = need<HTMLElement>(form, "[data-form-state]")
  state.replaceChildren(...sentences)
  state.classList.add("form__state--failed")
  goTo(state)
}

function say(form: HTMLFormElement, sentence: string): void {
  const state = need<HTMLElement>(form, "[data-form-state]")
  state.textContent = sentence
  state.classList.remove("form__state--failed")
}
