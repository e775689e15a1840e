/** Entry of the page with files to take along: is a file that somebody has really ours? */

import "./old-browsers.js"
import { sha256 } from "@noble/hashes/sha2.js"
import { bytesToHex } from "@noble/hashes/utils.js"

import { DEPLOYMENT, rootKeys } from "./built-in.js"
import { need } from "./page/elements.js"
import { ask } from "./page/requests.js"
import { dayInWords, type Texts, type TextTree, textsOf } from "./page/texts.js"
import { openRelease, type Release } from "./protocol/release.js"

interface DownloadData {
  readonly lang: string
  /** Address of the signed list. */
  readonly list: string
  readonly texts: TextTree
}

function checkFiles(input: HTMLInputElement): void {
  const data = JSON.parse(need(document, "#download-data").textContent ?? "") as DownloadData
  const texts = textsOf(data.texts, data.lang)
  const state = need<HTMLElement>(document, "[data-check-state]")
  let last = 0
  input.addEventListener("change", async () => {
    const file = input.files?.[0]
    last += 1
    const mine = last
    if (!file) return
    state.textContent = texts.say("looking")
    const sentence = await judge(file, data.list, texts)
    if (mine === last) state.textContent = sentence
  })
  input.disabled = false
}

async function judge(file: File, list: string, texts: Texts): Promise<string> {
  let release: Release
  try {
    release = openRelease(await ask(list, {}), rootKeys(), DEPLOYMENT)
  } catch {
    return texts.say("no_list")
  }
  try {
    const hash = await hashOf(file)
    const found = release.files.find((one) => one.sha256 === hash && one.size === file.size)
    if (!found) return texts.say("not_ours")
    return texts.say("ours", { name: found.name, day: dayInWords(release.issued, texts.lang) })
  } catch {
    return texts.say("unreadable")
  }
}

async function hashOf(file: File): Promise<string> {
  const bytes = await file.arrayBuffer()
  // Browsers have it only on pages that came over a safe line.
  if (!crypto.subtle) return bytesToHex(sha256(new Uint8Array(bytes)))
  return bytesToHex(new Uint8Array(await crypto.subtle.digest("SHA-256", bytes)))
}

const input = document.querySelector<HTMLInputElement>("input[data-check]")
if (input) checkFiles(input)
