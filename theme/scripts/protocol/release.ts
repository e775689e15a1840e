/** Releases: which files are ours, by their hashes. portal_protocol/releases.py is the twin. */

import { ReleaseInvalid } from "./errors.js"
import { isDate, PREFIX } from "./lines.js"
import { openNote, type VerifyKey } from "./notes.js"

const DEPLOYMENT = /^deployment ([a-z0-9-]{1,40})$/
const ISSUED = /^issued (\d{4}-\d{2}-\d{2})$/
const FILE = /^file ([0-9a-f]{64}) ([1-9][0-9]{0,9}) ([a-z0-9][a-z0-9.-]{0,99})$/
const MOST_FILES = 1000
const THRESHOLD = 2

/** A file of a release. */
export interface ReleasedFile {
  readonly sha256: string
  readonly size: number
  readonly name: string
}

/** A release whose signatures were checked. */
export interface Release {
  readonly issued: string
  readonly files: readonly ReleasedFile[]
}

/**
 * Check a release.
 *
 * @param note - The signed note.
 * @param roots - The roots' keys, compiled into this script.
 * @param deployment - Which portal this must be for.
 *
 * @throws {ProtocolError} If it is not signed by enough roots.
 * @throws {ReleaseInvalid} If it is no release, or one of another portal.
 */
export function openRelease(
  note: string,
  roots: readonly VerifyKey[],
  deployment: string,
): Release {
  const [type, forWhom = "", when = "", ...rest] = openNote(note, roots, THRESHOLD).split("\n")
  const issued = ISSUED.exec(when)?.[1] ?? ""
  if (type !== `${PREFIX}release` || rest.pop() !== "" || !isDate(issued)) {
    throw new ReleaseInvalid("not a release")
  }
  if (DEPLOYMENT.exec(forWhom)?.[1] !== deployment) throw new ReleaseInvalid("another deployment")
  if (rest.length === 0 || rest.length > MOST_FILES) throw new ReleaseInvalid("number of files")
  const files = rest.map(readFile)
  const sorted = files.every(({ name }, at) => at === 0 || (files[at - 1]?.name ?? "") < name)
  if (!sorted) throw new ReleaseInvalid("order of files")
  return { issued, files }
}

function readFile(line: string): ReleasedFile {
  const [, sha256 = "", size = "", name = ""] = FILE.exec(line) ?? []
  if (!sha256) throw new ReleaseInvalid("a line is wrong")
  return { sha256, size: Number(size), name }
}
