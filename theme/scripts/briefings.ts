/** Entry of the list of briefings: its filters work in place. Without script each is a page. */

import { filterInPlace } from "./behaviours/filter-in-place.js"

const list = document.querySelector<HTMLElement>("[data-briefings]")
if (list) filterInPlace(list)
