/** What a part of an answer comes to once every parent has it. */
export type Size = { readonly entities: number; readonly values: number }

/** Characters that weigh as much as a value. */
const CHARACTERS_A_VALUE = 64

/** A field of an answer: one, and one more for every 64 characters of its key, so that aliases are not free. */
export function keyWeight(key: string): number {
  return 1 + textWeight(key)
}

/** What a value adds to its key: the elements of a list, and texts by their length. */
export function valueWeight(value: unknown): number {
  if (typeof value === 'string') return textWeight(value)
  if (!Array.isArray(value)) return 0
  return value.reduce((sum: number, element: unknown) => sum + 1 + valueWeight(element), 0)
}

function textWeight(text: string): number {
  return Math.floor(text.length / CHARACTERS_A_VALUE)
}
