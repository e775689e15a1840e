/** The question for photos: which were chosen, and whether they can be sent. */

import type { Texts } from "../page/texts.js"
import { PhotoUnreadable } from "../photos/errors.js"
import { brokenLimit, prepare } from "../photos/prepare.js"
import type { FileToSeal, Processing } from "../protocol/files.js"
import { type Complaint, showComplaint } from "./problems.js"

const INPUT = "photos"

/** List what is wrong with the chosen photos before any of them is opened. */
export function photoComplaints(form: HTMLFormElement, texts: Texts): Complaint[] {
  const broken = brokenLimit(chosenPhotos(form))
  if (!broken) return []
  return [{ input: INPUT, sentence: texts.say(`photos.${broken.code}`, { name: broken.name }) }]
}

/** Show at once, when photos were chosen, whether they can be sent. */
export function showPhotoLimits(form: HTMLFormElement, texts: Texts): void {
  showComplaint(form, INPUT, photoComplaints(form, texts)[0]?.sentence ?? "")
}

/** Say what to do about a photo that this browser cannot read. */
export function unreadableComplaint(error: PhotoUnreadable, texts: Texts): Complaint {
  return { input: INPUT, sentence: texts.say("photos.unreadable", { name: error.message }) }
}

/**
 * Do with each photo what the person chose.
 *
 * @throws {PhotoUnreadable} With the name of the photo that cannot be read.
 */
export async function preparePhotos(form: HTMLFormElement): Promise<FileToSeal[]> {
  const wish = wishedProcessing(form)
  const prepared: FileToSeal[] = []
  for (const photo of chosenPhotos(form)) {
    try {
      prepared.push(await prepare(photo, wish))
    } catch (error) {
      throw error instanceof PhotoUnreadable ? new PhotoUnreadable(photo.name) : error
    }
  }
  return prepared
}

function chosenPhotos(form: HTMLFormElement): File[] {
  const input = form.querySelector<HTMLInputElement>(`input[type=file][name=${INPUT}]`)
  return Array.from(input?.files ?? [])
}

function wishedProcessing(form: HTMLFormElement): Processing {
  const chosen = form.querySelector<HTMLInputElement>(`[name="${INPUT}.processing"]:checked`)
  // Without an answer, the most careful way.
  return (chosen?.value ?? "reencode") as Processing
}
