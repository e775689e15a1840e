/** Entry for tests only, never part of a site: the protocol as one global object. */

import "./old-browsers.js"
import { ARGON2 } from "./built-in.js"
import * as answers from "./form/answers.js"
import * as conditions from "./form/conditions.js"
import * as emptiness from "./form/emptiness.js"
import * as helper from "./form/helper.js"
import { placed } from "./form/placing.js"
import { strip } from "./photos/strip.js"
import * as age from "./protocol/age.js"
import * as chunks from "./protocol/chunks.js"
import * as derivation from "./protocol/derivation.js"
import * as digits from "./protocol/digits.js"
import * as envelope from "./protocol/envelope.js"
import * as errors from "./protocol/errors.js"
import * as files from "./protocol/files.js"
import * as keyList from "./protocol/key-list.js"
import * as letters from "./protocol/letters.js"
import * as manifest from "./protocol/manifest.js"
import * as notes from "./protocol/notes.js"
import * as padding from "./protocol/padding.js"
import * as passes from "./protocol/passes.js"
import * as receipts from "./protocol/receipts.js"
import * as release from "./protocol/release.js"
import * as replies from "./protocol/replies.js"
import * as returnCode from "./protocol/return-code.js"
import * as sealedFile from "./protocol/sealed-file.js"
import * as seats from "./protocol/seats.js"
import { loadSlowHash } from "./protocol/slow-hash.js"
import * as submissions from "./protocol/submissions.js"
import * as transparency from "./protocol/transparency.js"
import * as headings from "./search/headings.js"
import * as ranking from "./search/ranking.js"
import * as shapes from "./search/shapes.js"
import * as source from "./search/source.js"

/** Name of the error that something ends with, because bundles have no names. */
async function failure(run: () => unknown): Promise<string> {
  try {
    await run()
    return ""
  } catch (error) {
    const found = Object.entries(errors).find(([, kind]) => (error as Error).constructor === kind)
    return found ? found[0] : String(error)
  }
}

const fromHex = (text: string) =>
  Uint8Array.from(text.match(/../g) ?? [], (pair) => Number.parseInt(pair, 16))
const toHex = (bytes: Uint8Array) =>
  Array.from(bytes, (byte) => byte.toString(16).padStart(2, "0")).join("")

Object.assign(globalThis, {
  portal: {
    ...{ age, chunks, derivation, digits, envelope, files, keyList, letters, manifest, notes },
    ...{ headings, ranking, shapes, source },
    ...{ release, sealedFile },
    ...{ padding, passes, receipts, replies, returnCode, seats, submissions, transparency },
    ...{
      answers,
      conditions,
      emptiness,
      helper,
      placed,
      failure,
      fromHex,
      toHex,
      strip,
      slowHash: () => loadSlowHash(ARGON2),
    },
  },
})
