/** Going on later with a form: for pages that may keep it, sealed, on this phone. */

import { putBack } from "./draft.js"
import { type Keeping, laterButton, showDrafts } from "./draft-view.js"
import { isAssisted, type Submitting } from "./encrypting-form.js"
import { readInputs } from "./inputs.js"

/** Offer to go on later on this phone, and to go on with what was kept before. */
export function offerLater(submitting: Submitting): void {
  const { form, definition, page, screens } = submitting
  const keeping: Keeping = {
    ...{ form, texts: page.filling, deployment: page.data.deployment },
    unfinished: () => ({
      form: definition.id,
      screen: screens.current(),
      inputs: Array.from(readInputs(form)),
    }),
    isAssisted: () => isAssisted(submitting),
    onKept() {
      submitting.files.clear()
      screens.end()
    },
    onOpened({ inputs, screen }, continued) {
      submitting.continued = continued
      putBack(form, new Map(inputs))
      screens.show(screen)
      screens.say(page.filling.say("draft.opened"))
    },
  }
  form.append(laterButton(keeping, () => submitting.continued))
  void showDrafts(keeping)
}
