/**
 * Entry of form pages beside form.ts, and of the return page beside return.ts: small and first, so
 * that leaving works and a missing script is noticed even if the other does not arrive. What waits
 * on this phone is shown by the other itself.
 */

import { watchForScript } from "./behaviours/missing-script.js"
import { everyPage } from "./every-page.js"

everyPage()
watchForScript()
