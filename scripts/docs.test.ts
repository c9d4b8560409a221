import assert from 'node:assert/strict'
import { existsSync, globSync, readFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { describe, it } from 'node:test'
import { ERROR_CODES, SluiceError } from '../sdk/src/errors.ts'
import { ROOT } from './lib/paths.ts'

const PAGES = globSync(['*.md', '{docs,samples}/**/*.md'], { cwd: ROOT })
const read = (path: string) => readFileSync(join(ROOT, path), 'utf8')

/** Anchors as GitHub makes them from headings, and those written out. */
function anchorsOf(text: string): Set<string> {
  const headings = [...text.matchAll(/^#+ (.+)$/gm)].map(([, title = '']) =>
    title
      .toLowerCase()
      .replaceAll(/[^\w\- ]/g, '')
      .replaceAll(' ', '-'),
  )
  const written = [...text.matchAll(/<a id="([^"]+)">/g)].map(([, id = '']) => id)
  return new Set([...headings, ...written])
}

function brokenLinks(page: string): string[] {
  const links = read(page).matchAll(/\]\((?!https?:)([^)#]*)(?:#([^)]*))?\)/g)
  return [...links].flatMap(([, path = '', anchor]) => {
    const target = path === '' ? page : join(dirname(page), path)
    if (!existsSync(join(ROOT, target))) return [`${page} → ${target}`]
    const known = anchor === undefined || anchorsOf(read(target)).has(anchor)
    return known ? [] : [`${page} → ${target}#${anchor}`]
  })
}

describe('docs', () => {
  it('explains every error code where SluiceError.docs points', () => {
    const missing = ERROR_CODES.filter((code) => {
      const [path = '', anchor = ''] = new SluiceError(code, 'any').docs.split('#')
      return !anchorsOf(read(path)).has(anchor)
    })
    assert.deepEqual(missing, [])
  })

  it('links only to what exists', () => {
    assert.deepEqual(PAGES.flatMap(brokenLinks), [])
  })
})
