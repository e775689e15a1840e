/**
 * What is kept on this phone: sealed bytes, never anything readable.
 *
 * Nothing is created before somebody chooses to keep something, and nothing is left when the last
 * of it is gone.
 */

/** A sealed submission that waits. */
export interface Waiting {
  readonly id: string
  readonly body: Uint8Array
  readonly chunks: readonly { readonly name: string; readonly data: Blob }[]
  /** Address of the portal's API. */
  readonly api: string
  /** Day on which it was sealed. */
  readonly day: string
}

/** A form that is not finished. Which form it is, is inside the sealed bytes. */
export interface Draft {
  readonly id: string
  /** Day on which it was sealed. */
  readonly day: string
  readonly sealed: Uint8Array
}

const WAITING = "waiting"
const DRAFTS = "drafts"

/** Keep a sealed submission. */
export function keepWaiting(waiting: Waiting): Promise<void> {
  return keep(WAITING, waiting)
}

/** Return everything that waits; nothing is created by asking. */
export function allWaiting(): Promise<Waiting[]> {
  return all(WAITING)
}

/** Forget one submission, and the place itself if it was the last. */
export function forgetWaiting(id: string): Promise<void> {
  return forget(WAITING, id)
}

/** Keep a form that is not finished, in place of what was kept of it before. */
export function keepDraft(draft: Draft): Promise<void> {
  return keep(DRAFTS, draft)
}

/** Return every form that is not finished; nothing is created by asking. */
export function allDrafts(): Promise<Draft[]> {
  return all(DRAFTS)
}

/** Forget one form that is not finished, and the place itself if it was the last. */
export function forgetDraft(id: string): Promise<void> {
  return forget(DRAFTS, id)
}

async function keep(name: string, value: object): Promise<void> {
  const database = await open(name, true)
  if (!database) throw new Error("this browser keeps nothing")
  const transaction = database.transaction(name, "readwrite")
  transaction.objectStore(name).put(value)
  await written(transaction)
  database.close()
}

async function all<Kept>(name: string): Promise<Kept[]> {
  const database = await open(name, false).catch(() => null)
  if (!database) return []
  const found = await done<Kept[]>(database.transaction(name).objectStore(name).getAll())
  database.close()
  return found
}

async function forget(name: string, id: string): Promise<void> {
  const database = await open(name, false)
  if (!database) return
  await done(database.transaction(name, "readwrite").objectStore(name).delete(id))
  const left = await done(database.transaction(name).objectStore(name).count())
  database.close()
  if (left === 0) await done(indexedDB.deleteDatabase(name))
}

function open(name: string, create: boolean): Promise<IDBDatabase | null> {
  return new Promise((resolve, reject) => {
    const request = indexedDB.open(name, 1)
    request.onupgradeneeded = () => {
      if (create) request.result.createObjectStore(name, { keyPath: "id" })
      else request.transaction?.abort()
    }
    request.onsuccess = () => resolve(request.result)
    request.onerror = (event) => {
      event.preventDefault() // Asking for what is not there is no error.
      if (create) reject(request.error)
      else resolve(null)
    }
  })
}

/** Only when the whole transaction is through do the bytes lie on the phone. */
function written(transaction: IDBTransaction): Promise<void> {
  return new Promise((resolve, reject) => {
    transaction.oncomplete = () => resolve()
    transaction.onabort = () => reject(transaction.error)
  })
}

function done<Result>(request: IDBRequest<Result>): Promise<Result> {
  return new Promise((resolve, reject) => {
    request.onsuccess = () => resolve(request.result)
    request.onerror = () => reject(request.error)
  })
}
