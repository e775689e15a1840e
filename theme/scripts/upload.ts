/** Entry of the page where a sealed file is sent: in pieces, as often as the line needs. */

import "./old-browsers.js"
import { uploadForm } from "./carry/upload-form.js"

const form = document.querySelector<HTMLFormElement>("form[data-upload]")
if (form) uploadForm(form)
