/** Entry of the page where answers are read. */

import "./old-browsers.js"
import { rootKeys } from "./built-in.js"
import { showOutbox } from "./outbox/outbox-view.js"
import { forgetWhenLeft } from "./page/forget.js"
import { withPage } from "./page/page-data.js"
import { returnPage } from "./return/return-page.js"

const place = document.querySelector<HTMLElement>("[data-return]")
if (place) {
  rootKeys() // A build with broken keys must not offer to check anything.
  withPage((page) => {
    returnPage(place, page)
    void showOutbox(page.outbox)
  })
  forgetWhenLeft(place)
}
