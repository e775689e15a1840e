/** Entry of pages with a text to pass on. Without script it is there to be marked and copied. */

import { passOn } from "./behaviours/share.js"

const text = document.querySelector<HTMLElement>("[data-share]")
const actions = document.querySelector<HTMLElement>("[data-share-actions]")
const said = document.querySelector<HTMLElement>("[data-share-said]")
if (text && actions && said) passOn(text, actions, said)
