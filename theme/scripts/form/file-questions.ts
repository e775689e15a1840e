/** Questions that are answered with files: their script is loaded when one of them comes near. */

import type { Asked, ChosenFile, FileQuestions } from "../files/tools.js"
import { fileTools } from "../page/file-tools.js"
import type { PageContext } from "../page/page-data.js"
import type { Patience } from "./patience.js"
import { type Complaint, showComplaint } from "./problems.js"

/** Kinds of questions that are answered with files. */
export const FILE_KINDS: readonly string[] = ["photos", "files", "voice"]

/** How far a question may still be from the screen when its script is loaded. */
const NEAR = "600px"

/** Something about the chosen files has to be put right first. */
export class FilesRefused extends Error {
  readonly complaints: readonly Complaint[]

  constructor(complaints: readonly Complaint[]) {
    super("files")
    this.complaints = complaints
  }
}

/** The file questions of a page, whether their script is there yet or not. */
export interface FilesOnPage extends Omit<FileQuestions, "chosen"> {
  /** Tell whether something was chosen or recorded for a question that is asked. */
  some(asked: Asked): boolean
  /**
   * Return what was chosen; wait for the script if something was and it is not there yet.
   *
   * @throws {FilesRefused} If something has to be put right first.
   */
  take(asked: Asked, patience: Patience): Promise<readonly ChosenFile[]>
}

/**
 * Make the file questions of a form work.
 *
 * @param form - The form.
 * @param page - The page with its data.
 */
export function fileQuestions(form: HTMLFormElement, page: PageContext): FilesOnPage {
  const fields = page.data.form?.fields ?? []
  const questions = fields.filter(({ kind }) => FILE_KINDS.includes(kind))
  let live: FileQuestions | null = null
  const load = async (): Promise<FileQuestions> => {
    const tools = await fileTools()
    live ??= tools.attach(form, {
      ...{ texts: page.files, questions },
      complain: (input, sentence) => showComplaint(form, input, sentence),
    })
    return live
  }
  const inputs = questions
    .map(({ id }) => form.querySelector<HTMLInputElement>(`input[type=file][name="${id}"]`))
    .filter((input): input is HTMLInputElement => input !== null)
  whenNear(form, inputs, () => live === null && void load().catch(() => {}))
  const isChosen = ({ name, files }: HTMLInputElement, asked: Asked) =>
    asked(name) && Boolean(files?.length)
  return {
    some: (asked) =>
      (live?.chosen(asked) ?? []).length > 0 || inputs.some((input) => isChosen(input, asked)),
    complaints: (asked) => live?.complaints(asked) ?? [],
    summary: (question) => live?.summary(question) ?? null,
    stop: () => live?.stop(),
    clear: () => live?.clear(),
    async take(asked, patience) {
      if (!live && inputs.every(({ files }) => !files?.length)) return []
      const all = live ?? (await patience.until(load))
      const complaints = all.complaints(asked)
      if (complaints.length > 0) throw new FilesRefused(complaints)
      return all.chosen(asked)
    },
  }
}

/** Call when a question comes near, is gone to with the keyboard, or is answered. */
function whenNear(form: HTMLFormElement, inputs: readonly HTMLElement[], load: () => void): void {
  const watch = new IntersectionObserver(
    (seen) => seen.some(({ isIntersecting }) => isIntersecting) && load(),
    { rootMargin: NEAR },
  )
  for (const input of inputs) watch.observe(input.closest("[data-question]") ?? input)
  for (const event of ["focusin", "change"]) {
    form.addEventListener(event, ({ target }) => {
      if (inputs.includes(target as HTMLElement)) load()
    })
  }
}
