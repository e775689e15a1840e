/** What the script for files offers to the form; it is loaded only where a file question comes near. */

import type { Complaint } from "../form/problems.js"
import type { Texts } from "../page/texts.js"
import type { FileToSeal } from "../protocol/files.js"

/** Name of the event with which the script hands its tools over. */
export const READY = "filetools"

/** A file that somebody chose, or a message recorded here. */
export interface ChosenFile {
  /** The question that it answers. */
  readonly question: string
  readonly name: string
  /**
   * Do with it what the person wants done before it is sealed. The same wish gives the same value,
   * so that a file is sealed once, however often it is sent.
   *
   * @throws {DOMException} If the file was moved or deleted after it was chosen.
   */
  ready(): Promise<FileToSeal>
}

/** Tells whether a question is asked, after what was chosen elsewhere in the form. */
export type Asked = (question: string) => boolean

/** The file questions of a form. */
export interface FileQuestions {
  /** What was chosen, in the order of the form; of questions that are not asked, nothing. */
  chosen(asked: Asked): readonly ChosenFile[]
  /** What has to be put right before anything can be sent. */
  complaints(asked: Asked): Complaint[]
  /** What was chosen for a question, to be read through before sending; null if nothing was. */
  summary(question: string): HTMLElement | null
  /** Let go of the microphone; what was recorded so far is kept. */
  stop(): void
  /** Forget everything that was chosen or recorded. */
  clear(): void
}

/** What the tools need to know of the page. */
export interface FilesContext {
  /** Sentences of `files`. */
  readonly texts: Texts
  /** File questions with their kinds, in the order of the form. */
  readonly questions: readonly { readonly id: string; readonly kind: string }[]
  /** Show at once what has to be put right at an input, or that nothing has. */
  complain(input: string, sentence: string): void
}

/** What the script hands over. */
export interface FileTools {
  /** Take over the file questions of a form. */
  attach(form: HTMLFormElement, context: FilesContext): FileQuestions
}
