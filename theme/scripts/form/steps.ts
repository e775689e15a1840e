/**
 * One group of questions at a time: each step of the form becomes a screen of the same page.
 *
 * Without script the same form is one long page. Nothing is sent, stored or put into an address by
 * going through the screens; what was typed stays in the form, whichever screen is shown.
 */

import { ownEntry } from "../behaviours/own-entry.js"
import { button, goTo, make, need } from "../page/elements.js"
import type { Texts } from "../page/texts.js"
import { type Complaint, REVEAL, showComplaints } from "./problems.js"
import { reviewOf } from "./review.js"
import { questionsOf } from "./said.js"

/** The screens of a form. */
export interface Screens {
  /** Whether the person has seen all answers: only then anything may be sent. */
  isAtReview(): boolean
  /** Go on to the next screen, unless something on this one has to be put right. */
  next(): void
  /** Say something above the screen, e.g. that answers are there again. */
  say(sentence: string): void
  /** Go to a screen; to the first one if it is not asked. */
  show(id: string): void
  /** Id of the screen that is shown. */
  current(): string
  /** The form was sent: Back leaves the page as on any other. */
  end(): void
}

/** What the screens need. */
export interface Screening {
  readonly form: HTMLFormElement
  /** Sentences of `filling`. */
  readonly texts: Texts
  /** List what has to be put right in the whole form. */
  readonly complaints: () => Complaint[]
}

/** Turn a form into screens and show the one where somebody has begun to write already. */
export function makeScreens(screening: Screening): Screens {
  const walk = new Walk(screening)
  const began = walk.steps.find((step) => step.contains(document.activeElement))
  walk.open(began ?? walk.asked()[0], { quietly: true })
  return {
    isAtReview: () => walk.here === walk.review,
    next: () => walk.next(),
    say: (sentence) => walk.top.say(sentence),
    show(id) {
      walk.entry.begin()
      walk.open(walk.asked().find((step) => step.id === id) ?? walk.asked()[0])
    },
    current: () => walk.here?.id ?? "",
    end: () => walk.entry.end(),
  }
}

class Walk {
  readonly steps: HTMLElement[]
  readonly review: HTMLElement
  readonly entry = ownEntry({ leaves: () => this.leaves(), back: () => this.back() })
  here: HTMLElement | undefined

  private readonly screening: Screening
  readonly top: ReturnType<typeof makeTop>
  private readonly onward: ReturnType<typeof makeOnward>
  private readonly intro: HTMLElement[]
  private readonly send: HTMLElement
  /** A screen that was opened from the review leads back to it. */
  private isReturning = false
  private hasWarned = false
  private notices: HTMLElement[] = []
  /** Notices that nobody goes past any more without having been led to them. */
  private readonly heeded = new Set<HTMLElement>()

  constructor(screening: Screening) {
    const { form, texts } = screening
    this.screening = screening
    form.classList.add("is-stepped")
    this.send = need(form, ".form__send")
    this.steps = Array.from(form.querySelectorAll<HTMLElement>(".step"), unfold)
    this.review = make("section", { class: "step", id: "step-review" })
    this.send.before(this.review)
    this.top = makeTop(texts, () => this.back())
    this.onward = makeOnward(texts, () => this.leaveOut())
    form.prepend(this.top.element)
    this.send.before(this.onward.element)
    this.intro = introOf(form)
    form.addEventListener(REVEAL, ({ target }) => this.reveal(target as HTMLElement))
    form.addEventListener("change", () => {
      this.tellWhere()
      this.showNotice()
    })
  }

  /** Screens that are asked now, the review last. */
  asked(): HTMLElement[] {
    return [...this.steps.filter((step) => questionsOf(step).length > 0), this.review]
  }

  open(screen: HTMLElement | undefined, { quietly = false } = {}): void {
    if (!screen) return
    this.here = screen
    if (screen === this.review) this.fillReview()
    for (const step of [...this.steps, this.review]) step.hidden = step !== screen
    const isFirst = screen === this.asked()[0]
    for (const element of this.intro) element.hidden = !isFirst
    this.screening.form.parentElement?.classList.toggle("is-within", !isFirst)
    this.top.back.hidden = isFirst
    this.onward.element.hidden = screen === this.review
    this.onward.skip.hidden = !screen.hasAttribute("data-optional")
    this.send.hidden = screen !== this.review
    this.tellWhere()
    if (!quietly) this.goToTop(screen)
  }

  next(): void {
    const here = this.here
    const { form, complaints } = this.screening
    const wrong = complaints().filter(({ input }) => here?.contains(inputNamed(form, input)))
    showComplaints(form, wrong)
    if (wrong.length === 0) this.goOn()
  }

  /** Lead to what has to be read before anything goes on; once, it is not asked who has read it. */
  private heed(): boolean {
    const due = this.dueNotices().find((notice) => !this.heeded.has(notice))
    if (!due) return false
    this.heeded.add(due)
    due.append(make("p", {}, this.screening.texts.say("heed")))
    goTo(due)
    return true
  }

  private dueNotices(): HTMLElement[] {
    return Array.from(this.here?.querySelectorAll("[data-notice]:not([hidden])") ?? [])
  }

  private leaves(): boolean {
    return this.place() === 0 && this.hasWarned
  }

  back(): void {
    const before = this.asked()[this.place() - 1]
    if (before) {
      this.isReturning = false
      showComplaints(this.screening.form, [])
      this.open(before)
      return
    }
    this.hasWarned = true
    this.top.say(this.screening.texts.say("leaving"))
  }

  private leaveOut(): void {
    showComplaints(this.screening.form, [])
    this.goOn()
  }

  private goOn(): void {
    if (this.heed()) return
    this.entry.begin()
    const next = this.isReturning ? this.review : this.asked()[this.place() + 1]
    this.isReturning = false
    this.open(next)
  }

  private place(): number {
    return this.asked().indexOf(this.here ?? this.review)
  }

  /** Open the screen of an element, to put something right there. */
  private reveal(target: HTMLElement): void {
    const screen = this.steps.find((step) => step.contains(target))
    if (!screen || screen === this.here) return
    this.isReturning = this.here === this.review
    this.open(screen, { quietly: true })
  }

  private change(place: HTMLElement): void {
    this.reveal(place)
    const first = place.querySelector<HTMLElement>("input, select, textarea")
    if (place === this.here || !first) this.goToTop(place)
    else {
      first.focus()
      place.scrollIntoView({ block: "start" })
    }
  }

  private fillReview(): void {
    const { texts } = this.screening
    const screens = this.asked().slice(0, -1)
    this.review.replaceChildren(
      make("h2", {}, texts.say("review.title")),
      make("p", { class: "step__intro" }, texts.say("review.intro")),
      ...reviewOf({ texts, screens, change: (place) => this.change(place) }),
    )
  }

  /** An answer can make a screen come or go. */
  private tellWhere(): void {
    this.top.tell(this.place() + 1, this.asked().length)
  }

  /** What has to be read before anything goes on must not stand outside the window. */
  private showNotice(): void {
    const due = this.dueNotices()
    const fresh = due.find((notice) => !this.notices.includes(notice))
    fresh?.scrollIntoView({ block: "nearest" })
    this.notices = due
  }

  private goToTop(screen: HTMLElement): void {
    this.top.say("")
    this.hasWarned = false
    const heading = need<HTMLElement>(screen, "h2")
    heading.tabIndex = -1
    heading.setAttribute("aria-describedby", this.top.where.id)
    heading.focus({ preventScroll: true })
    this.top.element.scrollIntoView({ block: "start" })
  }
}

function makeTop(texts: Texts, goBack: () => void) {
  const back = button(texts.say("back"), goBack, "button--link screens__back")
  const where = make("p", { id: "screens-where", class: "screens__where" })
  const bar = make("div", { class: "screens__bar", "aria-hidden": "true" })
  const said = make("p", { role: "status", class: "screens__said" })
  const element = make("div", { class: "screens__top" }, back, where, bar, said)
  return {
    element,
    back,
    where,
    say: (sentence: string) => said.replaceChildren(sentence),
    tell(number: number, of: number) {
      where.textContent = texts.say("where", { number, of })
      const done = Array.from({ length: of }, (_, place) =>
        make("span", place < number ? { class: "is-done" } : {}),
      )
      bar.replaceChildren(...done)
    },
  }
}

function makeOnward(texts: Texts, leaveOut: () => void) {
  // It submits, so that Enter goes on as people expect; the form decides what that means.
  const next = make(
    "button",
    { type: "submit", class: "button", "data-next": "" },
    texts.say("next"),
  )
  const skip = button(texts.say("skip"), leaveOut, "button--quiet")
  skip.setAttribute("data-skip", "")
  return { element: make("div", { class: "screens__onward" }, next, skip), skip }
}

/** A step that was folded away because nothing in it is needed is a screen that can be skipped. */
function unfold(step: HTMLElement): HTMLElement {
  if (!(step instanceof HTMLDetailsElement)) return step
  const summary = need(step, "summary")
  const section = make("section", { class: step.className, id: step.id, "data-optional": "" })
  // Outside of the page: in it, each move would be reckoned with.
  const place = document.createComment("")
  step.replaceWith(place)
  section.append(...Array.from(summary.childNodes))
  summary.remove()
  section.append(...Array.from(step.childNodes))
  place.replaceWith(section)
  return section
}

/** What stands before the form belongs to its first screen; the title and mistakes to every one. */
function introOf(form: HTMLFormElement): HTMLElement[] {
  const siblings = Array.from(form.parentElement?.children ?? []) as HTMLElement[]
  return siblings
    .slice(0, siblings.indexOf(form))
    .filter((one) => !one.hidden && !one.matches("h1, [data-problem-summary]"))
}

function inputNamed(form: HTMLFormElement, name: string): Element | null {
  return form.querySelector(`[name="${CSS.escape(name)}"]`)
}
