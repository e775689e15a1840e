/** Language memory: whoever chose a language once is taken to it from the page of languages. */

const KEY = "language"
const LANGUAGE = /^[a-z]{2,3}$/

/** What is remembered, and where; tests pass their own. */
export interface Memory {
  getItem(key: string): string | null
  setItem(key: string, value: string): void
}

/**
 * Remember a language when somebody chooses it. Nothing is kept on the device before that.
 *
 * @param links - Links that choose a language; each names it in `data-language`.
 * @param memory - Gives where to remember; asked only then, because a phone takes its time to open it.
 */
export function rememberLanguage(links: Iterable<HTMLElement>, memory: () => Memory): void {
  for (const link of links) {
    link.addEventListener("click", () => {
      const { language = "" } = link.dataset
      if (LANGUAGE.test(language)) write(memory, language)
    })
  }
}

/**
 * Tell which language to go on to.
 *
 * @param offered - Languages that the page offers.
 * @param memory - Gives where it was remembered.
 *
 * @returns The remembered language, or null if there is none or it is not offered.
 */
export function rememberedLanguage(
  offered: readonly string[],
  memory: () => Memory,
): string | null {
  const language = read(memory)
  return language !== null && offered.includes(language) ? language : null
}

// Browsers that keep nothing throw when asked to.
function read(memory: () => Memory): string | null {
  try {
    return memory().getItem(KEY)
  } catch {
    return null
  }
}

function write(memory: () => Memory, language: string): void {
  try {
    memory().setItem(KEY, language)
  } catch {
    // Then the page of languages asks again.
  }
}
