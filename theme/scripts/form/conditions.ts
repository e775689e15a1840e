/**
 * Show a question only where it is asked, and a notice as soon as it is due.
 *
 * What is hidden keeps what was typed in it: whoever changes their mind twice finds it again. It is
 * not sent (see answers.ts).
 */

/**
 * Follow the answers of a form from now on.
 *
 * @param form - The form; what depends on an answer stands after the question it depends on.
 */
export function followConditions(form: HTMLFormElement): void {
  const sentences = form.querySelectorAll<HTMLElement>("[data-only-if]")
  for (const sentence of Array.from(sentences)) sentence.hidden = true
  const follow = () => {
    const controls = controlsOf(form)
    for (const element of form.querySelectorAll<HTMLElement>("[data-when]")) {
      element.hidden = !isChosen(controls, element.dataset.when, element.dataset.is)
    }
    for (const notice of form.querySelectorAll<HTMLElement>("[data-notice]")) {
      const due = isChosen(controls, notice.dataset.noticeOf, notice.dataset.notice)
      if (notice.hidden === due) notice.hidden = !due
    }
  }
  form.addEventListener("change", follow)
  follow()
}

type Controls = Map<string, (HTMLInputElement | HTMLSelectElement)[]>

/** What can be answered, by name: looking through a long form for each question takes long. */
function controlsOf(form: HTMLFormElement): Controls {
  const controls: Controls = new Map()
  for (const control of form.querySelectorAll<HTMLInputElement>("input[name], select[name]")) {
    const named = controls.get(control.name)
    if (named) named.push(control)
    else controls.set(control.name, [control])
  }
  return controls
}

/** Tell whether a question is asked and answered with one of these options. */
function isChosen(controls: Controls, question = "", options = ""): boolean {
  const named = controls.get(question) ?? []
  const asked = named.filter((control) => control.closest("[data-when][hidden]") === null)
  const chosen = asked.filter((control) => control instanceof HTMLSelectElement || control.checked)
  return chosen.some(({ value }) => options.split(" ").includes(value))
}
