/** Entry of pages with an encrypting form: check, seal on this phone, send, show the return code. */

import "./old-browsers.js"
import { rootKeys } from "./built-in.js"
import { encryptingForm } from "./form/encrypting-form.js"
import { showOutbox } from "./outbox/outbox-view.js"
import { withPage } from "./page/page-data.js"

const form = document.querySelector<HTMLFormElement>("form[data-form]")
if (form) {
  rootKeys() // A build with broken keys must not offer to seal anything.
  withPage((page) => {
    encryptingForm(form, page)
    void showOutbox(page.outbox)
  })
}
