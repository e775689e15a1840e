/** What every page gains when scripts run. Everything here works without, too. */

import { rememberLanguage } from "./behaviours/language-memory.js"
import { leaveAndDelete, quickExit } from "./behaviours/quick-exit.js"

/** Make links leave as they should and remember the language that somebody chooses. */
export function everyPage(): void {
  const exit = document.querySelector<HTMLAnchorElement>("a[data-quick-exit]")
  if (exit) quickExit(exit)
  const leave = document.querySelector<HTMLAnchorElement>("a[data-leave]")
  if (leave && exit) leaveAndDelete(leave, exit.href)

  const languages = Array.from(document.querySelectorAll<HTMLAnchorElement>("a[data-language]"))
  rememberLanguage(languages, () => localStorage)
}
