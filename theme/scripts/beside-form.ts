/**
 * Entry of form pages beside form.ts: small and first, so that leaving works and a missing script is
 * noticed even if form.ts does not arrive. What waits on this phone is shown by form.ts itself.
 */

import { watchForScript } from "./behaviours/missing-script.js"
import { everyPage } from "./every-page.js"

everyPage()
watchForScript()
