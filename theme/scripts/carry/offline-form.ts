/** The form that works from a file: it seals for the keys it carries and writes a sealed file. */

import { DEPLOYMENT, MINIMUM_KEY_SERIAL, rootKeys } from "../built-in.js"
import { encryptingForm } from "../form/encrypting-form.js"
import { showFinished } from "../form/finishing.js"
import { guardLeaving } from "../form/leaving.js"
import type { Way } from "../form/way.js"
import { make, need } from "../page/elements.js"
import { GRACE_DAYS, today } from "../page/keys.js"
import type { PageContext, PageData } from "../page/page-data.js"
import { argon2id } from "../protocol/argon2id.js"
import { daysExpired, type KeyList, openKeyList } from "../protocol/key-list.js"
import { packSealedFile } from "../protocol/sealed-file.js"
import { fileView } from "./file-view.js"

/** What the file carries beside what the page of a form does. */
interface OfflineData extends PageData {
  /** The signed key list. */
  readonly keyList: string
  /** Address of the site without a slash at the end. */
  readonly site: string
}

/**
 * Make the form seal into a file, if its keys are good.
 *
 * @param form - The form.
 * @param page - The page with its data.
 */
export function offlineForm(form: HTMLFormElement, page: PageContext): void {
  const data = page.data as OfflineData
  const keys = goodKeys(data.keyList)
  if (typeof keys === "string") {
    refuse(form, page.texts.say(`file.${keys}`))
    return
  }
  keepLinksWhole(data.site)
  encryptingForm(form, page, wayOf(keys, page, data))
}

/** Return the keys, or why nothing may be sealed with them: better before anything is typed. */
function goodKeys(note: string): KeyList | "broken" | "expired" {
  try {
    const expected = { deployment: DEPLOYMENT, minimumSerial: MINIMUM_KEY_SERIAL }
    const keys = openKeyList(note, rootKeys(), expected)
    return daysExpired(keys, today()) > GRACE_DAYS ? "expired" : keys
  } catch {
    return "broken"
  }
}

function refuse(form: HTMLFormElement, sentence: string): void {
  need(form, "[data-form-state]").textContent = sentence
  form.before(make("p", { class: "notice notice--strong", role: "alert" }, sentence))
}

function wayOf(keys: KeyList, { texts }: PageContext, { site, lang }: OfflineData): Way {
  const guard = guardLeaving()
  let first: HTMLElement | undefined
  return {
    keys: async () => keys,
    slowHash: async () => argon2id,
    show: showFinished,
    async send({ submission, chunks }) {
      const file = packSealedFile(submission, chunks)
      const upload = `${site}/${lang}/upload/`
      guard.start() // What is written exists nowhere else until the file is saved.
      first = await fileView({ file, texts, upload, small: chunks.length === 0, saved: guard.stop })
      return { submission: submission.id, date: today(), logBy: today() }
    },
    finished: (code, { date }) => ({ code, day: date, how: "file", ...(first ? { first } : {}) }),
  }
}

/** Links of the page are those of the site: here they lead to it by their whole address. */
function keepLinksWhole(site: string): void {
  const widen = () => {
    for (const link of Array.from(document.querySelectorAll('a[href^="/"]'))) {
      link.setAttribute("href", site + link.getAttribute("href"))
      link.setAttribute("rel", "noreferrer noopener")
    }
  }
  widen()
  new MutationObserver(widen).observe(document.body, { childList: true, subtree: true })
}
