/** Entry of the second script: Argon2id, fetched only by those who need a return code. */

import { argon2id } from "./protocol/argon2id.js"
import { READY } from "./protocol/slow-hash.js"

document.currentScript?.dispatchEvent(new CustomEvent(READY, { detail: argon2id }))
