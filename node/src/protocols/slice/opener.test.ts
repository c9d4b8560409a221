import assert from 'node:assert/strict'
import { randomBytes } from 'node:crypto'
import { describe, it } from 'node:test'
import { bytesToHex, zeroAddress } from 'viem'
import { SluiceError, isSluiceError } from '@sluice/sdk'
import { generateSession, hashOpenIntent, hashTopUp, signDigest } from '@sluice/sdk/session'
import { Ledger } from '../../ledger/index.ts'
import { createMemoryChain, DOMAIN, PAYEE, POLICY, WALLET } from '../../testing/exchange.ts'
import { quiet } from '../../testing/peers.ts'
import { createOpener } from './opener.ts'
import type { ChannelActions } from './types.ts'

const CHALLENGE = POLICY.challenge

describe('opener', () => {
  it('submits one transaction for an intent that comes twenty times at once', async () => {
    const { opener, request, calls } = await setUp()
    const opened = await Promise.all(Array.from({ length: 20 }, () => opener.open(request)))
    assert.equal(calls.open, 1)
    assert.equal(new Set(opened.map(({ channelId }) => channelId)).size, 1)
  })

  it('submits one transaction for a top-up that comes twenty times at once', async () => {
    const { opener, request, calls, topUp } = await setUp()
    const { channelId } = await opener.open(request)
    const raise = await topUp(channelId, 2000n)
    const raised = await Promise.all(Array.from({ length: 20 }, () => opener.topUp(raise)))
    assert.equal(calls.topUp, 1)
    assert.ok(raised.every(({ deposit }) => deposit === 2000n))
  })

  it('records a channel that stands although its transaction was reported as failed', async () => {
    const { opener, request, ledger } = await setUp((chain) => ({
      open: async (intent, signature) => {
        await chain.open(intent, signature)
        throw new SluiceError('ABORTED', 'The transaction was not seen in time.')
      },
    }))
    const { channelId, deposit } = await opener.open(request)
    assert.equal(deposit, 1000n)
    assert.equal(ledger.channel(channelId)?.deposit, 1000n)
  })

  it('submits nothing for a channel that a former process opened and did not record', async () => {
    const { opener, request, ledger, chain, calls } = await setUp()
    await chain.open(request.message.intent, request.message.signature)
    const { channelId } = await opener.open(request)
    assert.equal(calls.open, 0)
    assert.ok(ledger.channel(channelId))
  })

  it('refuses a channel that stands on weaker conditions than its intent', async () => {
    const { opener, request, ledger, chain } = await setUp()
    const { intent, signature } = request.message
    await chain.open({ ...intent, challenge: 1 }, signature)
    await assert.rejects(opener.open(request), (error) => isSluiceError(error, 'INTENT_REFUSED'))
    assert.deepEqual(ledger.channels(), [])
  })
})

async function setUp(change: (chain: ChannelActions) => Partial<ChannelActions> = () => ({})) {
  const memory = createMemoryChain(new Map([[WALLET.toLowerCase(), 10n ** 18n]]))
  const chain = { ...memory, ...change(memory) }
  const calls = { open: 0, topUp: 0 }
  const counted: ChannelActions = {
    ...chain,
    open: async (...args) => {
      calls.open += 1
      await chain.open(...args)
    },
    topUp: async (...args) => {
      calls.topUp += 1
      await chain.topUp(...args)
    },
  }
  const ledger = new Ledger(':memory:')
  const opener = createOpener({ chain: counted, ledger, domain: DOMAIN, policy: POLICY, log: quiet })
  const session = await generateSession()
  const deadline = BigInt(Math.floor(Date.now() / 1000)) + 600n
  const speaker = { wallet: WALLET, session: session.publicKey, expiry: 2n ** 40n }
  const intent = {
    payer: WALLET,
    payee: PAYEE,
    token: zeroAddress,
    session: session.publicKey,
    amount: 1000n,
    challenge: CHALLENGE,
    salt: bytesToHex(randomBytes(32)),
    deadline,
  }
  const signature = await signDigest(session, hashOpenIntent(DOMAIN, intent))
  const request = { speaker, message: { type: 'open' as const, intent, signature } }
  const topUp = async (channelId: `0x${string}`, newDeposit: bigint) => {
    const order = { channelId, newDeposit, deadline }
    const message = { type: 'topUp' as const, order, signature: await signDigest(session, hashTopUp(DOMAIN, order)) }
    const asked = { payee: PAYEE, token: zeroAddress, minChannel: 0n, minChallenge: CHALLENGE, minDeadline: 0n }
    return { speaker, policy: asked, message }
  }
  return { opener, request, calls, ledger, chain, topUp }
}
