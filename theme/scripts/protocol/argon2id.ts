/** Argon2id, in WebAssembly where that is allowed. */

import { argon2idAsync } from "@noble/hashes/argon2.js"
import { utf8ToBytes } from "@noble/hashes/utils.js"
import { argon2id as argon2idWasm } from "hash-wasm"

import type { SlowHash } from "./derivation.js"

const MEMORY_KIB = 19_456
const PASSES = 2
const LANES = 1
const BYTES = 32

const inWasm: SlowHash = (password, salt) =>
  argon2idWasm({
    password: utf8ToBytes(password),
    salt,
    parallelism: LANES,
    iterations: PASSES,
    memorySize: MEMORY_KIB,
    hashLength: BYTES,
    outputType: "binary",
  })

const inScript: SlowHash = (password, salt) =>
  argon2idAsync(utf8ToBytes(password), salt, { t: PASSES, m: MEMORY_KIB, p: LANES, dkLen: BYTES })

/** Old browsers refuse WebAssembly under our policy, hardened ones switch it off: then it is slower. */
export const argon2id: SlowHash = (password, salt) =>
  inWasm(password, salt).catch(() => inScript(password, salt))
