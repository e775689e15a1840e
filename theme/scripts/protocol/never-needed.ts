/**
 * Stands in for what age can do and nobody here needs: pass phrases, and recipients on security keys.
 *
 * A key list has only hybrid recipients with X25519. Without the rest every script is some 6 KB
 * smaller on the line. What is called says so instead of working.
 */

function missing(): never {
  throw new Error("this build has no part for that")
}

/** As much of a NIST curve as is looked at while the library loads. */
const none = {
  lengths: { secretKey: 32, publicKey: 33, publicKeyUncompressed: 65, seed: 48 },
  keygen: missing,
  getPublicKey: missing,
  getSharedSecret: missing,
  utils: { randomSecretKey: missing },
  Point: { fromBytes: missing, Fn: {} },
}

export const p256 = none
export const p384 = none
export const p521 = none
export const scrypt = missing
export const scryptAsync = missing
