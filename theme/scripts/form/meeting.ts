/** The meeting that a form registers for, and the seat there. */

import { Refused } from "../page/requests.js"
import type { Seat } from "../page/seats.js"
import type { Answers, FormDefinition } from "./answers.js"
import type { Draft } from "./sealing.js"
import type { Way } from "./way.js"

const CLOSED = ["registration_closed", "not_found"]

/** One cannot register for the chosen meeting (any more). */
export class MeetingClosed extends Error {}

/** Return the question that asks for a meeting, if a form has one. */
export function meetingQuestion(form: FormDefinition): string | undefined {
  return form.fields.find(({ kind }) => kind === "briefing")?.id
}

/** Return the chosen meeting, if the form asks for one. */
export function chosenMeeting(form: FormDefinition, answers: Answers): string | null {
  const chosen = answers[meetingQuestion(form) ?? ""]
  return typeof chosen === "string" ? chosen : null
}

/** What can be done about the seat of a draft. */
export interface Meeting {
  /** Take it; as often as it takes. */
  take(api: string): Promise<Seat>
  giveBack(api: string): Promise<unknown>
}

/**
 * Return the meeting of a draft, if it has one and its way can ask for seats.
 *
 * @param draft - What is sent.
 * @param way - How it leaves the page.
 * @param proof - The proof of its code.
 */
export function meetingOf(draft: Draft, { seats }: Way, proof: string): Meeting | null {
  const { meeting } = draft
  if (!meeting || !seats) return null
  return {
    async take(api) {
      try {
        return await seats.take(api, meeting, proof)
      } catch (error) {
        const closed = error instanceof Refused && CLOSED.includes(error.code)
        throw closed ? new MeetingClosed(error.code) : error
      }
    },
    giveBack: (api) => seats.giveBack(api, meeting, proof),
  }
}
