import assert from 'node:assert/strict'
import { it } from 'node:test'
import { sliceChannelsAbi } from '@sluice/sdk/chain'
import { encodeAbiParameters, encodeEventTopics, parseAbiParameters, zeroAddress, zeroHash } from 'viem'
import type { Address, Hex, Log } from 'viem'
import { parseChainEvents } from '../chain/chain-events.ts'
import type { ChainEvent } from '../chain/index.ts'
import { Ledger } from '../ledger/index.ts'
import { quiet } from '../testing/peers.ts'
import { followChannels } from './follow-channels.ts'
import type { FollowChannelsOptions } from './follow-channels.ts'

const PAYER: Address = `0x${'a1'.repeat(20)}`
const PAYEE: Address = `0x${'b2'.repeat(20)}`
const policy: FollowChannelsOptions['policy'] = { payee: PAYEE, token: zeroAddress, challenge: 3600 }

it('learns of a channel to this node from its opening, and of no other', () => {
  const ledger = new Ledger(':memory:')
  let tell = (_events: readonly ChainEvent[]): void => assert.fail('nobody listens')
  const onEvents = (listener: typeof tell): (() => void) => {
    tell = listener
    return () => undefined
  }
  const watcher = { onEvents, onReorg: () => () => undefined }
  const service = { onCloseRequested: async () => [] }
  const stop = followChannels({
    chain: { watcher },
    ledger,
    service,
    policy,
    standing: async () => undefined,
    log: quiet,
  })
  tell([
    ...opened(word(1), {}),
    ...opened(word(2), { payee: PAYER }),
    ...opened(word(3), { token: PAYER }),
    ...opened(word(4), { challenge: 60 }),
  ])
  stop()
  const [channel, ...others] = ledger.channels()
  assert.deepEqual(others, [])
  assert.deepEqual([channel?.channelId, channel?.deposit, channel?.challenge], [word(1), 500n, 3600])
  assert.deepEqual(channel?.descriptor.session, { qx: word(7), qy: word(8) })
})

function opened(channelId: Hex, change: Partial<typeof policy>): ChainEvent[] {
  const { payee, token, challenge } = { ...policy, ...change }
  const args = { channelId, payer: PAYER, payee }
  const types = parseAbiParameters('address, bytes32, bytes32, bytes32, uint256, uint24')
  const data = encodeAbiParameters(types, [token, word(7), word(8), word(9), 500n, challenge])
  const [signature, ...indexed] = encodeEventTopics({ abi: sliceChannelsAbi, eventName: 'ChannelOpened', args })
  const topics: Log['topics'] = [signature, ...indexed.filter((topic) => typeof topic === 'string')]
  const place = { blockHash: zeroHash, blockNumber: 1n, transactionHash: zeroHash, transactionIndex: 0, logIndex: 0 }
  return parseChainEvents([{ address: PAYEE, data, topics, removed: false, blockTimestamp: 0n, ...place }])
}

function word(value: number): Hex {
  return `0x${value.toString(16).padStart(64, '0')}`
}
