/** What the browsers of old phones lack and a dependency may call. Import it first. */

// Chrome before 93. The pinned noble does not call it, so this is only a belt.
const target = Object as unknown as { hasOwn?: (object: object, key: PropertyKey) => boolean }
target.hasOwn ??= (object, key) => Object.getOwnPropertyDescriptor(object, key) !== undefined

export {}
