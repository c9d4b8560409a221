const SPACE = /[\t\n\r]+/gu
/** Control characters of both sets, line separators, and what changes the direction of writing. */
const UNPRINTABLE = /[\p{Cc}\p{Zl}\p{Zp}\u061c\u200e\u200f\u202a-\u202e\u2066-\u2069]/gu

/**
 * A line as a terminal may have it: what strangers write (an index, a token, a contract, a title) could move the
 * cursor, set colours or turn a number around.
 */
export function printable(line: string): string {
  return line.replace(SPACE, ' ').replace(UNPRINTABLE, '\ufffd')
}

/** JSON with the same characters as escapes, which changes no value. */
export function printableJson(json: string): string {
  return json.replace(UNPRINTABLE, (character) => `\\u${character.charCodeAt(0).toString(16).padStart(4, '0')}`)
}
