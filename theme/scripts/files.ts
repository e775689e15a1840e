/** Entry of the script for files: photos, other files and voice messages, where a form asks for them. */

import { attach } from "./files/questions.js"
import { type FileTools, READY } from "./files/tools.js"

const tools: FileTools = { attach }

document.currentScript?.dispatchEvent(new CustomEvent(READY, { detail: tools }))
