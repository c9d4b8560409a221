import { createConfig } from 'ponder'
import { contentKeysAbi } from '../../sdk/src/chain/generated/content-keys.ts'
import { keyMarketAbi } from '../../sdk/src/chain/generated/key-market.ts'
import { metaHashRegistryAbi } from '../../sdk/src/chain/generated/meta-hash-registry.ts'
import { nodeRegistryAbi } from '../../sdk/src/chain/generated/node-registry.ts'
import { sliceChannelsAbi } from '../../sdk/src/chain/generated/slice-channels.ts'
import { socialGraphAbi } from '../../sdk/src/chain/generated/social-graph.ts'
import { SETTINGS_VARIABLE } from './settings.ts'
import type { PonderSettings } from './settings.ts'

/** What was tried of each setting is in README.md. */

const HARDHAT = 31_337
/** Ponder asks each endpoint for twenty things a second at first: as many endpoints, and that holds nothing up. */
const ENDPOINTS = 16
/** Blocks whose logs are asked for at once: about 4,000 logs. */
const LOGS_BLOCK_RANGE = 2_000

const { rpcUrl, contracts, postgres } = JSON.parse(process.env[SETTINGS_VARIABLE] ?? '{}') as PonderSettings
const chain = 'hardhat'
const startBlock = 0

export default createConfig({
  database:
    postgres === undefined
      ? { kind: 'pglite', directory: 'memory://' }
      : { kind: 'postgres', connectionString: postgres },
  ordering: 'multichain',
  chains: {
    [chain]: {
      id: HARDHAT,
      rpc: Array.from({ length: ENDPOINTS }, () => rpcUrl),
      ethGetLogsBlockRange: LOGS_BLOCK_RANGE,
    },
  },
  contracts: {
    MetaHashRegistry: { chain, abi: metaHashRegistryAbi, address: contracts.registry, startBlock },
    ContentKeys: { chain, abi: contentKeysAbi, address: contracts.keys, startBlock },
    KeyMarket: { chain, abi: keyMarketAbi, address: contracts.market, startBlock },
    SliceChannels: { chain, abi: sliceChannelsAbi, address: contracts.channels, startBlock },
    NodeRegistry: { chain, abi: nodeRegistryAbi, address: contracts.nodes, startBlock },
    SocialGraph: { chain, abi: socialGraphAbi, address: contracts.social, startBlock },
  },
})
