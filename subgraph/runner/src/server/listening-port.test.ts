import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import { Worker } from 'node:worker_threads'
import { isRunnerError } from '../../test/errors.ts'
import { listeningPort } from './listening-port.ts'

const post = (message: string) => `require('node:worker_threads').parentPort.postMessage(${message})`
const portOf = (source: string) => listeningPort(new Worker(source, { eval: true }))

describe('the port of a query thread', { timeout: 20_000 }, () => {
  it('comes with the message that it listens', async () => {
    const source = `${post("{ type: 'fault', message: '' }")};${post("{ type: 'listening', port: 7 }")}`
    assert.equal(await portOf(source), 7)
  })

  it('never comes from a thread that ends without a word', async () => {
    await assert.rejects(portOf('process.exit(0)'), isRunnerError('SERVER_FAILED', /before it listened/))
  })

  it('never comes from a thread that fails, which says why', async () => {
    await assert.rejects(portOf("throw new Error('no file')"), /no file/)
  })
})
