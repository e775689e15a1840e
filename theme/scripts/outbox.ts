/** Entry that every page loads if, and only if, something waits on this phone to be sent. */

import "./old-browsers.js"
import { outboxView } from "./outbox/outbox-view.js"
import { allWaiting } from "./outbox/store.js"
import { ask } from "./page/requests.js"
import { type TextTree, textsOf } from "./page/texts.js"

async function showOutbox(): Promise<void> {
  const lang = location.pathname.split("/")[1] ?? ""
  const texts = JSON.parse(await ask(`/${lang}/outbox.json`, { cache: "default" })) as TextTree
  const views = (await allWaiting()).map((one) => outboxView(one, textsOf(texts, lang)))
  document.querySelector("main")?.prepend(...views)
}

void showOutbox().catch(() => {
  // Without its words there is nothing to show; the next page tries again.
})
