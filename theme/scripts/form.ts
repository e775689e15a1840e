/** Entry of pages with an encrypting form: check, seal on this phone, send, show the return code. */

import "./old-browsers.js"
import { rootKeys } from "./built-in.js"
import { encryptingForm } from "./form/encrypting-form.js"
import { showFinished } from "./form/finishing.js"
import { offerLater } from "./form/go-on-later.js"
import { NETWORK } from "./form/way.js"
import { showOutbox } from "./outbox/outbox-view.js"
import { takeHanded } from "./page/handed-pass.js"
import { withPage } from "./page/page-data.js"
import { usePass } from "./page/passes.js"

const form = document.querySelector<HTMLFormElement>("form[data-form]")
if (form) {
  rootKeys() // A build with broken keys must not offer to seal anything.
  withPage((page) => {
    takeHanded((pass) => usePass(page.data.api, pass))
    encryptingForm(form, page, { ...NETWORK, show: showFinished }, offerLater)
    void showOutbox(page.outbox)
  })
}
