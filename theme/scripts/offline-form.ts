/** Entry of the form that is a file: check, seal on this phone, save in a file; no network at all. */

import "./old-browsers.js"
import { leaveQuickly } from "./carry/leaving.js"
import { offlineForm } from "./carry/offline-form.js"
import { attach } from "./files/questions.js"
import { bringFileTools } from "./page/file-tools.js"
import { withPage } from "./page/page-data.js"

leaveQuickly()
bringFileTools({ attach })
const form = document.querySelector<HTMLFormElement>("form[data-form]")
if (form) withPage((page) => offlineForm(form, page))
