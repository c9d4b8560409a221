/**
 * A `LIKE` pattern of Postgres (`%` any text, `_` any character, `\` takes the next as it is) as SQLite's GLOB, which
 * unlike its LIKE tells upper from lower case.
 */
export function toGlob(pattern: string): string {
  let glob = ''
  let escaped = false
  for (const character of pattern) {
    if (escaped) {
      glob += literal(character)
      escaped = false
    } else if (character === '\\') escaped = true
    else if (character === '%') glob += '*'
    else glob += character === '_' ? '?' : literal(character)
  }
  return glob
}

function literal(character: string): string {
  return '*?['.includes(character) ? `[${character}]` : character
}
