import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import { SluiceError } from '../errors.ts'
import { createDriver } from './driver.ts'
import type { ServerEffect } from './server-types.ts'

describe('driver', () => {
  it('lets go of whoever waits for room when the transport breaks', { timeout: 5000 }, async () => {
    let aborted = 0
    const broken = {
      send: () => Promise.reject(new SluiceError('NODE_UNREACHABLE', 'The peer is gone.')),
      frames: (async function* () {})(),
      close: () => Promise.resolve(),
      abort: () => {
        aborted += 1
      },
    }
    const machine = { resolve: () => [], fail: () => [] }
    const driver = createDriver<ServerEffect>({ machine, channel: broken, ports: {}, handle: () => undefined })
    const bye: ServerEffect = { type: 'send', message: { type: 'bye' } }
    driver.apply(Array.from({ length: 100 }, () => bye))
    await driver.writable()
    await driver.flushed()
    assert.equal(aborted, 100)
  })
})
