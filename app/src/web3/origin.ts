import { SluiceError } from '@sluice/sdk'
import { contractsBy } from '@sluice/sdk/chain'
import type { SluiceContracts } from '@sluice/sdk/chain'
import { isAddress, zeroAddress } from 'viem'
import type { Address } from 'viem'

/** What the node that serves this page says of itself and its chain. */
export type OriginInfo = {
  readonly peerId: string
  readonly chainId: number
  readonly rpcUrl: string
  readonly contracts: SluiceContracts
  readonly version: string
  /** What one slice costs at this node, where it says so; other seeders may ask for something else. */
  readonly price?: { readonly token: Address; readonly amount: bigint }
  /** GraphQL endpoint of an index, where the node names one; never trusted with money or access. */
  readonly indexUrl?: string
}

const TIMEOUT_MS = 10_000
const MAX_TEXT = 512

/** Base URL of the public listener: the page's own origin, or the one a developer named at build time. */
export function originUrl(): string {
  const named = process.env['NEXT_PUBLIC_SLUICE_ORIGIN']
  return named === undefined || named === '' ? window.location.origin : named
}

/** Reads and checks `/v1/info`. @throws NODE_UNREACHABLE, PROTOCOL_VIOLATION */
export async function fetchOriginInfo(signal: AbortSignal): Promise<OriginInfo> {
  const url = new URL('/v1/info', originUrl())
  const answer = await fetch(url, { signal: AbortSignal.any([signal, AbortSignal.timeout(TIMEOUT_MS)]) }).catch(
    (cause: unknown) => {
      throw new SluiceError('NODE_UNREACHABLE', `The node at ${url.origin} does not answer.`, {
        cause,
        hint: 'Check that it is still running, then try again.',
      })
    },
  )
  const body: unknown = answer.ok ? await answer.json().catch(() => undefined) : undefined
  const info = parseOriginInfo(body)
  if (info !== undefined) return info
  throw new SluiceError('NODE_UNREACHABLE', `${url.origin} serves this page, but is not a Sluice node.`, {
    hint: 'Open the address that "npx sluice start" prints: every node serves this page together with its own data.',
  })
}

/** Takes what `/v1/info` answered for what it is, or not at all. */
export function parseOriginInfo(body: unknown): OriginInfo | undefined {
  if (!isRecord(body)) return undefined
  const { peerId, chainId, rpcUrl, version } = body
  const contracts = parseContracts(body['contracts'])
  if (!isText(peerId) || !isText(version) || !isHttpUrl(rpcUrl)) return undefined
  if (!isChainId(chainId) || contracts === undefined) return undefined
  const price = parsePrice(body['price'])
  const indexUrl = body['indexUrl']
  return {
    peerId,
    chainId,
    rpcUrl,
    version,
    contracts,
    ...(price === undefined ? {} : { price }),
    ...(isHttpUrl(indexUrl) ? { indexUrl } : {}),
  }
}

function parseContracts(value: unknown): OriginInfo['contracts'] | undefined {
  if (!isRecord(value)) return undefined
  const contracts = contractsBy((name) => value[name])
  return isDeployment(contracts) ? contracts : undefined
}

function isDeployment(contracts: Record<keyof SluiceContracts, unknown>): contracts is SluiceContracts {
  return Object.values(contracts).every(isContract)
}

function parsePrice(price: unknown): { token: Address; amount: bigint } | undefined {
  if (!isRecord(price)) return undefined
  const { token, amount } = price
  if (typeof token !== 'string' || !isAddress(token, { strict: false })) return undefined
  if (typeof amount !== 'string' || !/^\d{1,29}$/u.test(amount)) return undefined
  return { token, amount: BigInt(amount) }
}

function isRecord(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null
}

function isText(value: unknown): value is string {
  return typeof value === 'string' && value.length > 0 && value.length <= MAX_TEXT
}

function isChainId(value: unknown): value is number {
  return typeof value === 'number' && Number.isSafeInteger(value) && value > 0
}

function isHttpUrl(value: unknown): value is string {
  const protocol = isText(value) ? URL.parse(value)?.protocol : undefined
  return protocol === 'http:' || protocol === 'https:'
}

function isContract(value: unknown): value is Address {
  return typeof value === 'string' && isAddress(value, { strict: false }) && value !== zeroAddress
}
