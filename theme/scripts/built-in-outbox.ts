/** What the build puts into the script of every page: where the one is that shows what waits. */

import type { PinnedScript } from "./protocol/slow-hash.js"

declare const PORTAL_OUTBOX: PinnedScript

/** The script that shows and sends what waits. It is built first, so it cannot know itself. */
export const OUTBOX = PORTAL_OUTBOX
