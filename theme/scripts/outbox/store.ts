/**
 * What waits on this phone until there is network: sealed bytes, never anything readable.
 *
 * Nothing is created before somebody chooses to keep a submission, and nothing is left when the
 * last one is gone.
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

const NAME = "waiting"

/** Keep a sealed submission. */
export async function keepWaiting(waiting: Waiting): Promise<void> {
  const database = await open(true)
  if (!database) throw new Error("this browser keeps nothing")
  const transaction = database.transaction(NAME, "readwrite")
  transaction.objectStore(NAME).put(waiting)
  await written(transaction)
  database.close()
}

/** Return everything that waits; nothing is created by asking. */
export async function allWaiting(): Promise<Waiting[]> {
  const database = await open(false).catch(() => null)
  if (!database) return []
  const all = await done<Waiting[]>(database.transaction(NAME).objectStore(NAME).getAll())
  database.close()
  return all
}

/** Forget one submission, and the place itself if it was the last. */
export async function forgetWaiting(id: string): Promise<void> {
  const database = await open(false)
  if (!database) return
  await done(database.transaction(NAME, "readwrite").objectStore(NAME).delete(id))
  const left = await done(database.transaction(NAME).objectStore(NAME).count())
  database.close()
  if (left === 0) await done(indexedDB.deleteDatabase(NAME))
}

function open(create: boolean): Promise<IDBDatabase | null> {
  return new Promise((resolve, reject) => {
    const request = indexedDB.open(NAME, 1)
    request.onupgradeneeded = () => {
      if (create) request.result.createObjectStore(NAME, { keyPath: "id" })
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
