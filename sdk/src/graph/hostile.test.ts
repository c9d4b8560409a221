import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import fc from 'fast-check'
import { isSluiceError } from '../errors.ts'
import type { ErrorCode } from '../errors.ts'
import { answering, bytes, content, FULL_ANSWER, fakeIndex, QUESTIONS, TOPIC, WALLET } from './fixtures.ts'
import { createIndexReader } from './index.ts'
import { searchText } from './search-text.ts'

const REFUSALS: readonly ErrorCode[] = ['PROTOCOL_VIOLATION', 'INDEX_UNAVAILABLE']
const json = fc.jsonValue({ maxDepth: 3 })

async function fails(work: Promise<unknown>, code: ErrorCode): Promise<void> {
  await assert.rejects(work, (error) => isSluiceError(error, code))
}

/** Whether a question ends in an answer, or in an error that says whose fault it is. */
async function endsWell(work: Promise<unknown>): Promise<boolean> {
  const error: unknown = await work.then(
    () => undefined,
    (reason: unknown) => reason,
  )
  return error === undefined || REFUSALS.some((code) => isSluiceError(error, code))
}

type Path = readonly (string | number)[]

/** Every place in a value. */
function pathsOf(value: unknown, path: Path = []): Path[] {
  if (typeof value !== 'object' || value === null) return [path]
  return [path, ...Object.entries(value).flatMap(([key, inner]) => pathsOf(inner, [...path, key]))]
}

function replaced(value: unknown, [key, ...rest]: Path, by: unknown): unknown {
  if (key === undefined) return by
  const copy = (Array.isArray(value) ? [...(value as unknown[])] : { ...(value as object) }) as Record<string, unknown>
  copy[key] = replaced(copy[key], rest, by)
  return copy
}

describe('an index that answers anything', () => {
  it('is answered with SluiceErrors alone, whatever it sends', async () => {
    const question = fc.constantFrom(...QUESTIONS)
    await fc.assert(
      fc.asyncProperty(question, json, (ask, answer) => endsWell(ask(fakeIndex(() => Response.json(answer)).index))),
    )
    await fc.assert(fc.asyncProperty(question, json, (ask, data) => endsWell(ask(fakeIndex(answering(data)).index))))
  })

  it('gains nothing by one wrong value in a good answer', async () => {
    const place = fc.constantFrom(...pathsOf(FULL_ANSWER))
    const value = fc.oneof(
      json,
      fc.constantFrom('__proto__', '-1', '1e9', '0x', `0x${'0'.repeat(63)}`, 2 ** 40, 1.5, '1'.repeat(79)),
    )
    await fc.assert(
      fc.asyncProperty(fc.constantFrom(...QUESTIONS), place, value, (ask, path, by) =>
        endsWell(ask(fakeIndex(answering(replaced(FULL_ANSWER, path, by))).index)),
      ),
      { numRuns: 1_000 },
    )
  })

  it('cannot pass numbers out of range, bytes of another length, or more rows than were asked for', async () => {
    const [day] = FULL_ANSWER.earningsDays
    const earnings = (change: object) =>
      fakeIndex(answering({ earningsDays: [{ ...day, ...change }] })).index.earningsDays({
        account: WALLET,
        since: 19_000,
        until: 20_000,
      })
    const wrong: object[] = [
      { claimed: '-1' },
      { claimed: 10 },
      { claimed: (2n ** 256n).toString() },
      { claimed: '1'.repeat(10_000) },
      { claimed: '0x10' },
      { claimed: '1_0' },
      { claimCount: -1 },
      { claimCount: 1.5 },
      { claimCount: 2 ** 31 },
      { day: '5' },
      { day: 18_999 },
      { day: 20_001 },
      { day: 2 ** 31 - 1 },
      { token: { id: bytes(19, 1) } },
      { token: null },
    ]
    for (const change of wrong) await fails(earnings(change), 'PROTOCOL_VIOLATION')
    const rows = [1, 2, 3].map((fill) => content(fill))
    await fails(fakeIndex(answering({ contents: rows })).index.feed({ order: 'new', first: 1 }), 'PROTOCOL_VIOLATION')
    const time = { contents: [content(1, (2n ** 63n).toString())] }
    await fails(fakeIndex(answering(time)).index.feed({ order: 'new' }), 'PROTOCOL_VIOLATION')
  })

  it('cannot pass off one account for another', async () => {
    const account = { ...FULL_ANSWER.account, id: bytes(20, 9) }
    await fails(
      fakeIndex(answering({ account, follow: null })).index.account({ address: WALLET }),
      'PROTOCOL_VIOLATION',
    )
  })

  it('is quoted in bounds when it says that it cannot', async () => {
    const errors = [{ message: 'x'.repeat(100_000) }]
    const { index } = fakeIndex(() => Response.json({ errors, data: FULL_ANSWER }))
    await assert.rejects(index.head(), (error) => {
      assert.ok(isSluiceError(error, 'INDEX_UNAVAILABLE'))
      assert.ok(error.message.length < 400 && error.hint !== undefined)
      return true
    })
  })

  it('is told off for other statuses, and for what is no JSON', async () => {
    await fails(fakeIndex(() => new Response('busy', { status: 503 })).index.head(), 'INDEX_UNAVAILABLE')
    await fails(fakeIndex(() => new Response('<html>')).index.head(), 'PROTOCOL_VIOLATION')
    await fails(fakeIndex(() => Promise.reject(new TypeError('fetch failed'))).index.head(), 'INDEX_UNAVAILABLE')
  })

  it('cannot fill the memory', async () => {
    let pulled = 0
    const endless = () =>
      new ReadableStream<Uint8Array>({
        pull(controller) {
          pulled += 65_536
          controller.enqueue(new Uint8Array(65_536).fill(0x20))
        },
      })
    await fails(fakeIndex(() => new Response(endless())).index.head(), 'PROTOCOL_VIOLATION')
    assert.ok(pulled < 2 ** 20)
  })

  it('is not waited for longer than was said, nor after a signal', async () => {
    const silent = new ReadableStream<Uint8Array>()
    const fetch = () => Promise.resolve(new Response(silent))
    const impatient = createIndexReader({ url: 'http://index.example', timeoutMs: 1, fetch })
    await fails(impatient.head(), 'INDEX_UNAVAILABLE')
    const given = createIndexReader({
      url: 'http://index.example',
      fetch: () => Promise.resolve(new Response(new ReadableStream())),
    })
    await fails(given.head({ signal: AbortSignal.abort() }), 'ABORTED')
  })
})

describe('cursors', () => {
  it('that no page gave are refused before anything is asked', async () => {
    const { index, sent } = fakeIndex(answering(FULL_ANSWER))
    const wrong = ['', '5', `5:${bytes(32, 1)}x`, '5:0xZZ', '5:0x', `1.5:${bytes(32, 1)}`, `5:0x${'AB'.repeat(32)}`]
    for (const cursor of wrong) await fails(index.comments({ topic: TOPIC, cursor }), 'BAD_INPUT')
    for (const cursor of ['-1', '5001', '1e3', 'x']) await fails(index.search({ text: 'a', cursor }), 'BAD_INPUT')
    for (const first of [0, 101, 1.5, Number.NaN]) await fails(index.feed({ order: 'new', first }), 'BAD_INPUT')
    assert.equal(sent.length, 0)
  })

  it('of any page lead to every row once, however many share a time', async () => {
    const times = fc.array(fc.integer({ min: 0, max: 3 }), { maxLength: 40 })
    await fc.assert(
      fc.asyncProperty(times, fc.integer({ min: 1, max: 7 }), async (published, first) => {
        const all = published.map((time, fill) => content(fill, time))
        const index = createIndexReader({ url: 'http://index.example', fetch: serve(all) })
        const seen: string[] = []
        let cursor: string | undefined
        do {
          const page = await index.feed({ order: 'new', first, cursor })
          seen.push(...page.rows.map(({ contentId }) => contentId))
          cursor = page.cursor
        } while (cursor !== undefined)
        assert.deepEqual(seen.toSorted(), all.map(({ id }) => id).toSorted())
        assert.equal(new Set(seen).size, seen.length)
      }),
    )
  })
})

describe('the words of a search', () => {
  it('never hold an operator of the search', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'binary', maxLength: 600 }), (typed) => {
        const text = searchText(typed)
        return text === undefined || /^[\p{L}\p{M}\p{N}]+( & [\p{L}\p{M}\p{N}]+){0,7}:\*$/u.test(text)
      }),
    )
  })
})

type Row = ReturnType<typeof content>
type Place = { publishedAt_lt?: string; publishedAt?: string; id_lt?: string }

/** A faithful index over some contents, for what the feed asks of it. */
function serve(all: readonly Row[]): typeof globalThis.fetch {
  const sorted = all.toSorted((a, b) => Number(b.publishedAt) - Number(a.publishedAt) || (a.id < b.id ? 1 : -1))
  return (_, init) => {
    const { variables } = JSON.parse(init?.body as string) as {
      variables: { where: { and: { or?: Place[] }[] }; first: number }
    }
    const places = variables.where.and.flatMap(({ or }) => or ?? [])
    const matches = (row: Row) => (place: Place) =>
      place.publishedAt_lt === undefined
        ? row.publishedAt === place.publishedAt && row.id < (place.id_lt ?? '')
        : Number(row.publishedAt) < Number(place.publishedAt_lt)
    const rows = sorted.filter((row) => places.length === 0 || places.some(matches(row)))
    return Promise.resolve(Response.json({ data: { contents: rows.slice(0, variables.first) } }))
  }
}
