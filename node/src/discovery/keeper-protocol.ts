import type { PeerId } from '@libp2p/interface'
import { SluiceError } from '@sluice/sdk'
import type { Hex } from 'viem'
import { isHex } from 'viem'
import type { Log } from '../log.ts'
import type { Host } from '../net/host.ts'
import { askPeer, serveRequests } from '../net/request.ts'

/** `/sluice/keeper/1.0.0`: nothing → a keeper's public key and its proof of possession, as JSON. */
export const KEEPER_PROTOCOL = '/sluice/keeper/1.0.0'

const MAX_BYTES = 1024
const NOTHING = Uint8Array.of(0)

export type KeeperStatement = { readonly publicKey: Hex; readonly proof: Hex }

/** Tells peers this keeper's public key. Returns how to stop it. */
export async function serveKeeperStatement(host: Host, own: KeeperStatement, log: Log): Promise<() => Promise<void>> {
  const answer = new TextEncoder().encode(JSON.stringify({ publicKey: own.publicKey, proof: own.proof }))
  const limits = { maxRequestBytes: NOTHING.length, maxResponseBytes: MAX_BYTES }
  await serveRequests(host, { protocol: KEEPER_PROTOCOL, ...limits, log }, () => Promise.resolve(answer))
  return () => host.unhandle(KEEPER_PROTOCOL)
}

/** What a peer says its key is; the proof is for the caller to verify. Throws PROTOCOL_VIOLATION for nonsense. */
export async function askKeeperStatement(host: Host, peer: PeerId, signal: AbortSignal): Promise<KeeperStatement> {
  const response = await askPeer(host, peer, NOTHING, {
    protocol: KEEPER_PROTOCOL,
    maxResponseBytes: MAX_BYTES,
    signal,
  })
  const { publicKey, proof } = parse(response)
  if (isHex(publicKey) && publicKey.length === 66 && isHex(proof) && proof.length === 130) return { publicKey, proof }
  throw new SluiceError('PROTOCOL_VIOLATION', 'The peer sent no keeper’s statement.')
}

function parse(bytes: Uint8Array): Readonly<Record<string, unknown>> {
  try {
    const value: unknown = JSON.parse(new TextDecoder().decode(bytes))
    return typeof value === 'object' && value !== null ? { ...value } : {}
  } catch {
    return {}
  }
}
