import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import { isSluiceError } from '@sluice/sdk'
import { contractsBy } from '@sluice/sdk/chain'
import { createHttpNetwork } from '@sluice/sdk/client'
import type { Consumer, Reader } from '@sluice/sdk/client'
import { generateSession } from '@sluice/sdk/session'
import { createPublicClient, getAddress, http, zeroAddress } from 'viem'
import { createBrowserPayerLedger } from './payer-ledger.ts'
import { leaseName, leasePayer } from './payer-lease.ts'

const NOBODY = 'http://127.0.0.1:1'
const WALLET = getAddress('0x70997970c51812dc3a010c7d01b50e0d17dc79c8')
const LOWER_WALLET: `0x${string}` = '0x70997970c51812dc3a010c7d01b50e0d17dc79c8'

const reader: Reader = {
  network: createHttpNetwork({ origin: NOBODY }),
  chain: createPublicClient({ transport: http(NOBODY) }),
  chainId: 31337,
  contracts: contractsBy(() => zeroAddress),
}

async function someConsumer(): Promise<Consumer> {
  return { session: await generateSession(), wallet: WALLET, payerLedger: createBrowserPayerLedger() }
}

async function isLocked(name: string): Promise<boolean> {
  const { held = [] } = await navigator.locks.query()
  return held.some((lock) => lock.name === name)
}

describe('leasePayer', () => {
  it('gives all contents of a wallet and session one payer, however the wallet is spelled', async () => {
    const consumer = await someConsumer()
    const [first, second] = await Promise.all([
      leasePayer(reader, consumer),
      leasePayer({ ...reader }, { ...consumer, wallet: LOWER_WALLET }),
    ])
    assert.equal(first.payer, second.payer)
    await Promise.all([first.release(), second.release()])
    const later = await leasePayer(reader, consumer)
    assert.equal(later.payer, first.payer)
    await later.release()
  })

  it('gives another session and another chain payers of their own', async () => {
    const consumer = await someConsumer()
    const leases = await Promise.all([
      leasePayer(reader, consumer),
      leasePayer(reader, await someConsumer()),
      leasePayer({ ...reader, chainId: 1 }, consumer),
    ])
    assert.equal(new Set(leases.map(({ payer }) => payer)).size, 3)
    await Promise.all(leases.map(({ release }) => release()))
  })

  it('holds the lock until the last content is released, each once', async () => {
    const consumer = await someConsumer()
    const name = leaseName(reader, consumer)
    const first = await leasePayer(reader, consumer)
    const second = await leasePayer(reader, consumer)
    await first.release()
    await first.release()
    assert.equal(await isLocked(name), true)
    await second.release()
    assert.equal(await isLocked(name), false)
  })

  it('takes the lock again while it is still being given back', async () => {
    const consumer = await someConsumer()
    const { release } = await leasePayer(reader, consumer)
    const releasing = release()
    const again = await leasePayer(reader, consumer)
    await releasing
    assert.equal(await isLocked(leaseName(reader, consumer)), true)
    await again.release()
  })

  it('refuses while another tab pays, and pays once that has stopped', async () => {
    const consumer = await someConsumer()
    await navigator.locks.request(leaseName(reader, consumer), async () => {
      const refused = (error: unknown) => isSluiceError(error, 'STORE_LOCKED')
      await Promise.all([
        assert.rejects(leasePayer(reader, consumer), refused),
        assert.rejects(leasePayer(reader, consumer), refused),
      ])
    })
    const lease = await leasePayer(reader, consumer)
    await lease.release()
  })
})
