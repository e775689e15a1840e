/** Entry of pages that can be read aloud by a voice of this phone. */

import { readAloud } from "./behaviours/read-aloud.js"

const place = document.querySelector<HTMLElement>("[data-listen]")
if (place && "speechSynthesis" in window) readAloud(place, window.speechSynthesis)
