import assert from 'node:assert/strict'
import { afterEach, describe, it, mock } from 'node:test'
import { SluiceError } from '@sluice/sdk'
import { createOutput } from './output.ts'
import { printable, printableJson } from './printable.ts'

const HOSTILE = 'a\u001b[2Jb\u0007c\u009b31md\u202e5.0\u2066e\u007f\u200f\u2028'
/** What a terminal would obey; the end of a line it may. */
const OBEYED = /(?!\n)[\p{Cc}\u200e\u200f\u2028-\u202e\u2066-\u2069]/u

describe('what strangers wrote', () => {
  it('has nothing left that a terminal obeys', () => {
    assert.equal(printable('two\r\nlines\tof 5 €, née 日本'), 'two lines of 5 €, née 日本')
    assert.doesNotMatch(printable(HOSTILE), OBEYED)
  })

  it('keeps its value in JSON', () => {
    const json = printableJson(JSON.stringify({ title: HOSTILE }))
    assert.doesNotMatch(json, OBEYED)
    assert.deepEqual(JSON.parse(json), { title: HOSTILE })
  })
})

describe('the exit of the command line', () => {
  afterEach(() => mock.restoreAll())

  function written(json: boolean, say: (output: ReturnType<typeof createOutput>) => void): string {
    const texts: string[] = []
    const keep = (text: string | Uint8Array) => texts.push(String(text)) > 0
    mock.method(process.stdout, 'write', keep)
    mock.method(process.stderr, 'write', keep)
    say(createOutput({ json }))
    mock.restoreAll()
    return texts.join('')
  }

  it('lets through no line, note or failure as it came', () => {
    const error = new SluiceError('INDEX_UNAVAILABLE', HOSTILE, { hint: HOSTILE })
    for (const json of [false, true]) {
      const text = written(json, (output) => {
        output.result({ title: HOSTILE }, [HOSTILE])
        output.note(HOSTILE)
        output.failure(error)
        output.failure(new Error(HOSTILE))
      })
      assert.match(text, /a.*b.*c/)
      assert.doesNotMatch(text, OBEYED)
    }
  })
})
