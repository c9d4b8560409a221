import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import { SluiceError } from '@sluice/sdk'
import type { Outbox } from './outbox.ts'
import { chooseSpeaker, explainRefusal, mayWalletSay } from './speaker.ts'

const OUTBOX: Outbox = {
  resume: () => Promise.resolve(),
  say: () => Promise.resolve(),
  forget: () => undefined,
  read: () => [],
  subscribe: () => () => undefined,
}

const reverted = (reason: string) => new SluiceError('CHAIN_REVERT', 'No.', { details: { reason } })

describe('chooseSpeaker', () => {
  it('speaks by the session where the chain lets it and a node carries it', () => {
    const speaker = chooseSpeaker({ ready: true, authorised: true, outbox: OUTBOX })
    assert.deepEqual(speaker, { by: 'session', outbox: OUTBOX })
  })

  it('falls back to the wallet, and says why, where there is no session or no node', () => {
    for (const authorised of [false, null]) {
      const speaker = chooseSpeaker({ ready: true, authorised, outbox: OUTBOX })
      assert.ok(speaker.by === 'wallet' && /may not speak/.test(speaker.why.title))
    }
    const speaker = chooseSpeaker({ ready: true, authorised: true, outbox: null })
    assert.ok(speaker.by === 'wallet' && /No node/.test(speaker.why.title))
  })

  it('waits for what is not known yet, and for a wallet', () => {
    const known = { ready: true, authorised: true, outbox: OUTBOX }
    for (const missing of [{ ready: false }, { authorised: undefined }, { outbox: undefined }]) {
      assert.deepEqual(chooseSpeaker({ ...known, ...missing }), { by: 'nobody' })
    }
  })
})

describe('what the wallet may say itself', () => {
  it('is what nodes do not carry, or cannot now', () => {
    for (const code of ['NOT_ENTITLED', 'NODE_UNREACHABLE', 'RATE_LIMITED', 'TIMEOUT'] as const) {
      const error = new SluiceError(code, 'No.')
      assert.ok(mayWalletSay(error))
      assert.match(explainRefusal(error).hint, /wallet (can )?say it itself/)
    }
    assert.ok(mayWalletSay(reverted('session-expired')))
  })

  it('is not what the rules forbid to a wallet as well', () => {
    for (const reason of ['handle-taken', 'target-invalid', 'own-content'])
      assert.equal(mayWalletSay(reverted(reason)), false)
    assert.equal(mayWalletSay(new SluiceError('BAD_INPUT', 'No.')), false)
  })
})
