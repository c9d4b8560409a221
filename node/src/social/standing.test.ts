import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import { contentKeysAbi, metaHashRegistryAbi, nodeRegistryAbi, sliceChannelsAbi } from '@sluice/sdk/chain'
import { SOCIAL_ACTION_KINDS } from '@sluice/sdk/social'
import {
  createPublicClient,
  custom,
  decodeFunctionData,
  encodeFunctionResult,
  getAddress,
  numberToHex,
  pad,
} from 'viem'
import { zeroAddress, zeroHash } from 'viem'
import type { Abi, Hex } from 'viem'
import { createStanding } from './standing.ts'

const ABI: Abi = [...contentKeysAbi, ...metaHashRegistryAbi, ...nodeRegistryAbi, ...sliceChannelsAbi]
const EDITIONS = 16
const contracts = {
  ...{ registry: zeroAddress, keys: zeroAddress, market: zeroAddress, channels: zeroAddress, nodes: zeroAddress },
  social: zeroAddress,
}
const wallet = (index: number) => getAddress(pad(numberToHex(index), { size: 20 }))
const [STRANGER, RICH, HOLDER] = [wallet(1), wallet(2), wallet(3)]

/** A chain on which one wallet is rich and one holds the last of a content's editions; counts what is read. */
function openTest({ expiry = 100n }: { readonly expiry?: bigint } = {}) {
  const reads: string[] = []
  const request = ({ params }: { readonly params?: unknown }): Promise<Hex> => {
    const [{ data }] = params as [{ data: Hex }]
    const { functionName, args } = decodeFunctionData({ abi: ABI, data })
    reads.push(functionName)
    const [of, holder] = args ?? []
    const answers: Readonly<Record<string, unknown>> = {
      creatorOf: wallet(9),
      editionsOf: Array.from({ length: EDITIONS }, (_, index) => BigInt(index)),
      isEntitledBy: holder === HOLDER && of === BigInt(EDITIONS - 1),
      stakeOf: { amount: 0n, leaving: 0n, availableAt: 0n, expiresAt: 0n },
      balanceOf: of === RICH ? 10n : 0n,
      withdrawalOf: [0n, 0n],
    }
    return Promise.resolve(encodeFunctionResult({ abi: ABI, functionName, result: answers[functionName] }))
  }
  const client = createPublicClient({ transport: custom({ request }, { retryCount: 0 }) })
  const sessions = { expiry: () => Promise.resolve(expiry) }
  const standing = createStanding({ client, contracts, sessions, minStake: 10n })
  const ask = (speaker: Hex, subject = 1) => {
    const session = { qx: zeroHash, qy: zeroHash }
    return standing({
      ...{
        wallet: getAddress(speaker),
        session,
        subject: pad(numberToHex(subject)),
        value: zeroHash,
        parent: zeroHash,
      },
      ...{ kind: SOCIAL_ACTION_KINDS.indexOf('react'), nonce: 1n, issuedAt: 50n, deadline: 90n },
    })
  }
  return { reads, ask }
}

describe('the standing of a wallet', () => {
  it('is not asked for where the session does not speak for it', async () => {
    for (const expiry of [0n, 50n]) {
      const { reads, ask } = openTest({ expiry })
      assert.equal(await ask(RICH), 'session-expired')
      assert.deepEqual(reads, [])
    }
  })

  it('comes of what it has at stake, whatever keys it has', async () => {
    const { reads, ask } = openTest()
    assert.equal(await ask(RICH), 'stands')
    assert.deepEqual(reads.sort(), ['balanceOf', 'stakeOf', 'withdrawalOf'])
    reads.length = 0
    assert.equal(await ask(RICH, 2), 'stands')
    assert.deepEqual(reads, [])
  })

  it('comes of a key of the content, whose editions are read once for all wallets', async () => {
    const { reads, ask } = openTest()
    assert.equal(await ask(HOLDER), 'stands')
    assert.equal(await ask(STRANGER), 'falls')
    assert.equal(await ask(wallet(9)), 'stands')
    assert.equal(await ask(wallet(4)), 'falls')
    for (const name of ['editionsOf', 'creatorOf']) assert.equal(reads.filter((read) => read === name).length, 1, name)
    const [count] = [reads.length]
    assert.equal(await ask(STRANGER), 'falls')
    assert.equal(reads.length, count)
  })
})
