/** Filter in place: show only the cards that a filter names, and say how many there are. */

/**
 * Let the filters of a list work without leaving the page. The address stays as it is: what somebody
 * looked for is not in the history of a shared phone.
 *
 * @param list - Holds links with `data-filter` and `data-count`, cards with `data-filters`, and a
 *   place for the count with `data-count-shown`.
 */
export function filterInPlace(list: HTMLElement): void {
  const links = Array.from(list.querySelectorAll<HTMLElement>("a[data-filter]"))
  const cards = Array.from(list.querySelectorAll<HTMLElement>("[data-filters]"))
  const count = list.querySelector("[data-count-shown]")

  for (const link of links) {
    link.addEventListener("click", (event) => {
      event.preventDefault()
      const { filter = "", count: text = "" } = link.dataset
      for (const card of cards) {
        card.hidden = filter !== "" && !(card.dataset.filters ?? "").split(" ").includes(filter)
      }
      for (const other of links) other.removeAttribute("aria-current")
      link.setAttribute("aria-current", "true")
      if (count) count.textContent = text
    })
  }
}
