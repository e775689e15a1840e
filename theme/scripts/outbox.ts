/** Entry that pages load if, and only if, something waits on this phone to be sent. */

import "./old-browsers.js"
import { showOutbox } from "./outbox/outbox-view.js"
import { ask } from "./page/requests.js"
import { type TextTree, textsOf } from "./page/texts.js"

async function speakAndShow(): Promise<void> {
  const lang = location.pathname.split("/")[1] ?? ""
  const texts = JSON.parse(await ask(`/${lang}/outbox.json`, { cache: "default" })) as TextTree
  await showOutbox(textsOf(texts, lang))
}

void speakAndShow().catch(() => {
  // Without its words there is nothing to show; the next page tries again.
})
