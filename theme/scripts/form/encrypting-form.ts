/** The encrypting form: from a filled page to the page after sending. */

import type { Asked } from "../files/tools.js"
import { outboxView } from "../outbox/outbox-view.js"
import { keepWaiting, type Waiting } from "../outbox/store.js"
import { goTo, make, need } from "../page/elements.js"
import { today } from "../page/keys.js"
import type { PageContext } from "../page/page-data.js"
import { check, consentChoices, type FormDefinition, fromInputs, isAsked } from "./answers.js"
import { problem } from "./checks.js"
import { followConditions } from "./conditions.js"
import { deliver } from "./delivery.js"
import type { Continued } from "./draft-view.js"
import { leftEmpty } from "./emptiness.js"
import { failureSentences } from "./failure.js"
import { fileProgress } from "./file-progress.js"
import { type FilesOnPage, FilesRefused, fileQuestions } from "./file-questions.js"
import type { Finishing } from "./finishing.js"
import { filledInBy } from "./helper.js"
import { freeze, readInputs } from "./inputs.js"
import { type Guard, guardLeaving } from "./leaving.js"
import { chosenMeeting, MeetingClosed, meetingQuestion } from "./meeting.js"
import { followNumbers } from "./numbers.js"
import { GivenUp, makePatience, type Patience } from "./patience.js"
import { type Complaint, complaintOf, showComplaints } from "./problems.js"
import { makeProgress, type Progress } from "./progress.js"
import { type Draft, FileGone, makeSealer, type SealedDraft, type Sealer } from "./sealing.js"
import { makeScreens, type Screens } from "./steps.js"
import type { Again, Way } from "./way.js"

/**
 * Make a form send itself encrypted.
 *
 * Only now can it be sent at all: its button was disabled, and its method sends nothing.
 *
 * @param form - The form.
 * @param page - The page with its data.
 * @param way - How it leaves the page.
 * @param offerLater - Offers to go on later on this phone, where a form may wait there. A page that
 *   is a file has no place of its own to keep anything in, and what is written again waits nowhere.
 *
 * @returns What gives the form up before it is sent: Back leaves the page as on any other.
 */
export function encryptingForm(
  form: HTMLFormElement,
  page: PageContext,
  way: Way,
  offerLater: (submitting: Submitting) => void = () => {},
): () => void {
  const { form: definition } = page.data
  if (!definition) throw new Error("the page does not define its form")
  followConditions(form)
  followNumbers(form)
  const files = fileQuestions(form, page)
  const [guard, sealer] = [guardLeaving(), makeSealer()]
  const complaints = () => problemsOf({ form, definition, page, files })
  const screens = makeScreens({ form, texts: page.filling, complaints })
  const about = { form, definition, page, files, guard, sealer, way }
  const submitting: Submitting = { ...about, screens, continued: null }

  form.addEventListener("submit", (event) => {
    event.preventDefault()
    if (!screens.isAtReview()) screens.next()
    else if (!form.querySelector("[data-sending]")) void submit(submitting)
  })
  offerLater(submitting)
  form.addEventListener("input", () => void makeReady(page.data.api, way), { once: true })
  say(form, page.texts.say("form.ready"))
  need<HTMLButtonElement>(form, "[data-send]").disabled = false
  return screens.end
}

/** Load what sealing needs while there is network; by the time of sending it may be gone. */
async function makeReady(api: string, way: Way): Promise<void> {
  way.prepare?.(api)
  await Promise.allSettled([way.slowHash(), way.keys(api)])
}

interface Filling {
  readonly form: HTMLFormElement
  readonly definition: FormDefinition
  readonly page: PageContext
}

/** A form that is filled in and sent. */
export interface Submitting extends Filling {
  readonly guard: Guard
  readonly way: Way
  readonly files: FilesOnPage
  readonly sealer: Sealer
  readonly screens: Screens
  /** The kept form that this one goes on from, if it does. */
  continued: Continued | null
}

/** Tell whether somebody helps to fill the form in. */
export function isAssisted({ form, definition }: Submitting): boolean {
  return filledInBy(definition, readInputs(form)).mode === "assisted"
}

async function submit(submitting: Submitting): Promise<void> {
  const { form, page, guard, sealer, way } = submitting
  const complaints = problemsOf(submitting)
  showComplaints(form, complaints)
  if (complaints.length > 0) return
  const patience = makePatience((waiting, forWhat) => progress.waiting(waiting, forWhat))
  const progress = makeProgress(page.texts, () => patience.tryNow())
  say(form, "")
  const assisted = isAssisted(submitting)
  // Whoever helped may know the code that the form was kept with: it is not the person's own.
  const known = assisted ? null : (submitting.continued?.code ?? null)
  const draft = prepareDraft(submitting, progress, patience)
  const melt = freeze(form)
  need(form, "[data-form-state]").after(progress.element)
  goTo(progress.element)
  guard.start()
  try {
    const { api, deployment } = page.data
    const ready = await draft
    const onStage: Parameters<typeof deliver>[1]["onStage"] = (stage, number) =>
      progress.stage(stage, number ? { number, of: ready.files.length } : undefined)
    const onOldKeys = () => progress.note("sending.keys_old")
    const finishing = { ...submitting, assisted }
    const showing = showSealed(finishing, ready, progress, patience)
    const line = { api, deployment, way, patience, sealer, onStage, onOldKeys, ...showing }
    const code = way.again?.code ?? known
    const arrived = await deliver(ready, { ...line, code })
    if (way.again) finishAgain(finishing, way.again)
    else {
      const finished = way.finished(arrived.code, arrived.receipt)
      way.show?.(finishing, { ...finished, seat: arrived.seat })
    }
  } catch (error) {
    // It waits on this phone, and the page says so; or the person went back to the form.
    if (error instanceof GivenUp && !form.isConnected) return
    guard.stop()
    progress.element.remove()
    melt()
    showFailure(submitting, error)
  }
}

function problemsOf(filling: Filling & Pick<Submitting, "files">): Complaint[] {
  const { form, definition, files } = filling
  const inputs = readInputs(form)
  const asked = askedIn(filling)
  const refused = files.complaints(asked)
  const sendsFiles = refused.length > 0 || files.some(asked)
  const problems = [
    ...check(definition, fromInputs(definition, inputs), inputs),
    ...leftEmpty(definition, inputs, sendsFiles),
  ]
  return [...problems.map((found) => complaintOf(definition, found)), ...refused]
}

/** Show what is sealed on its way, and what else can be done with it. */
function showSealed(
  finishing: Finishing & Pick<Submitting, "way">,
  { files }: Draft,
  progress: Progress,
  patience: Patience,
) {
  // What is written again waits nowhere: the phone must not tell that somebody did.
  const offer = finishing.way.again ? () => {} : offerKeeping(finishing, progress, patience)
  const names = files.map(({ name }) => name)
  const presses = { pause: patience.pause, goOn: patience.goOn, back: patience.giveUp }
  let arrived: (shares: readonly number[]) => void = () => {}
  return {
    onSealed(sealed: SealedDraft, code: string) {
      offer(sealed, code)
      if (names.length === 0) return
      const view = fileProgress(names, sealed.pieces, finishing.page.files, presses)
      progress.files(view.element)
      arrived = view.arrived
    },
    onProgress(share: number, shares: readonly number[]) {
      progress.share(share)
      arrived(shares)
    },
  }
}

async function prepareDraft(
  submitting: Submitting,
  progress: Progress,
  patience: Patience,
): Promise<Draft> {
  const { form, definition, page, files } = submitting
  const { id, version, type } = definition
  const inputs = readInputs(form)
  const answers = fromInputs(definition, inputs)
  const consents = consentChoices(definition, inputs)
  progress.stage("files")
  const chosen = await files.take(askedIn(submitting), patience)
  const written = { id, version, ...filledInBy(definition, inputs), answers, consents }
  const meeting = chosenMeeting(definition, answers)
  return { type, lang: page.data.lang, form: written, files: chosen, meeting }
}

/** Offer to let what is sealed wait on this phone; only the sealed bytes are kept, not the code. */
function offerKeeping(
  finishing: Finishing & Pick<Submitting, "way">,
  progress: Progress,
  patience: Patience,
) {
  let latest: SealedDraft
  let offered = false
  return (sealed: SealedDraft, code: string): void => {
    latest = sealed
    if (offered) return
    offered = true
    progress.offerKeeping(async () => {
      const { submission, chunks } = latest
      const { api } = finishing.page.data
      const waiting: Waiting = { ...submission, chunks, api, day: today() }
      try {
        await keepWaiting(waiting)
      } catch {
        progress.note("sending.not_kept")
        return
      }
      patience.giveUp()
      const place = finishing.way.show?.(finishing, { code, day: today(), how: "kept" })
      place?.prepend(outboxView(waiting, finishing.page.outbox))
    })
  }
}

function finishAgain({ form, guard, files, screens }: Finishing, { received }: Again): void {
  guard.stop()
  screens.end()
  files.clear()
  form.reset()
  received()
}

function showFailure({ form, definition, page }: Submitting, error: unknown): void {
  const complaints = meetingComplaints(error, definition) ?? complaintsOf(error, page)
  if (complaints || error instanceof GivenUp) {
    say(form, page.texts.say("form.ready"))
    if (complaints) showComplaints(form, complaints)
    else goTo(need(form, "[data-form-state]"))
    return
  }
  const sentences = failureSentences(error, page).map((text) => make("span", {}, text, " "))
  const state = need<HTMLElement>(form, "[data-form-state]")
  state.replaceChildren(...sentences)
  state.classList.add("form__state--failed")
  goTo(state)
}

/** At which question something is to be put right if the chosen meeting takes nobody any more. */
function meetingComplaints(error: unknown, definition: FormDefinition): Complaint[] | null {
  const question = meetingQuestion(definition)
  if (!(error instanceof MeetingClosed && question)) return null
  return [complaintOf(definition, problem(question, "registration_closed"))]
}

/** Which questions are asked, after what was chosen so far. */
function askedIn({ form, definition }: Filling): Asked {
  const answers = fromInputs(definition, readInputs(form))
  const asked = definition.fields.filter((field) => isAsked(field, answers)).map(({ id }) => id)
  return (question) => asked.includes(question)
}

/** What has to be put right at the files, if that is what is wrong. */
function complaintsOf(error: unknown, { files }: PageContext): readonly Complaint[] | null {
  if (error instanceof FilesRefused) return error.complaints
  if (!(error instanceof FileGone)) return null
  return [{ input: error.question, sentence: files.say("gone", { name: error.message }) }]
}

function say(form: HTMLFormElement, sentence: string): void {
  const state = need<HTMLElement>(form, "[data-form-state]")
  state.textContent = sentence
  state.classList.remove("form__state--failed")
}
