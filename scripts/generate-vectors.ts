/**
 * Writes `test/vectors/`: what is hashed on both sides, with the sdk's answers. The tests compare them with what the
 * contracts and ethers compute. With `--check` it writes nothing and exits 1 when a file is stale.
 */
import { mkdir, readFile, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { format, resolveConfig } from 'prettier'
import { bytesToHex, hexToBytes, keccak256, toHex } from 'viem'
import type { Address, Hex } from 'viem'
import { channelId } from '../sdk/src/channel/index.ts'
import { encodeScalar, hashToScalar, KEEPER_BASE, mod } from '../sdk/src/key/group.ts'
import { hashKeeperRegistration, keeperPublicKey } from '../sdk/src/key/index.ts'
import { peerIdToBytes } from '../sdk/src/wire/index.ts'
import {
  hashHello,
  hashKeyRequest,
  hashOpenIntent,
  hashReplicationGrant,
  hashTopUp,
  hashVoucher,
  sessionId,
} from '../sdk/src/session/index.ts'
import { encodeDeed, hashSocialAction } from '../sdk/src/social/index.ts'
import type { SocialDeed } from '../sdk/src/social/index.ts'

const target = fileURLToPath(new URL('../test/vectors', import.meta.url))

/** A word that looks random and is the same on every run. */
const word = (label: string): Hex => keccak256(toHex(label))
const address = (label: string): Address => `0x${word(label).slice(2, 42)}`
const native: Address = '0x0000000000000000000000000000000000000000'
const maxUint96 = 2n ** 96n - 1n

const domain = { chainId: 31337, channels: address('channels') }
/** A real point of the curve: P-256's generator. */
const session = {
  qx: '0x6b17d1f2e12c4247f8bce6e563a440f277037d812deb33a0f4a13945d898c296',
  qy: '0x4fe342e2fe1a7f9b8ee7eb4a7c0f9e162bce33576b315ececbb6406837bf51f5',
} as const

const intents = [
  { token: native, amount: 1n, challenge: 0, deadline: 0n },
  { token: address('token'), amount: maxUint96, challenge: 2 ** 24 - 1, deadline: 2n ** 64n - 1n },
].map((change, i) => ({
  payer: address(`payer ${i}`),
  payee: address(`payee ${i}`),
  session,
  salt: word(`salt ${i}`),
  ...change,
}))
const topUps = [{ channelId: word('channel'), newDeposit: maxUint96, deadline: 1_800_000_000n }]
const vouchers = [
  { channelId: word('channel'), cumulative: 0n, tickRoot: word('root'), tickValue: 0n, maxTicks: 0 },
  { channelId: word('channel'), cumulative: maxUint96, tickRoot: word('root'), tickValue: 12345n, maxTicks: 1024 },
]
const hellos = [
  {
    challenge: word('challenge'),
    serverPeerId: '12D3KooWEyoppNCUx8Yx66oV9fJnriXwCcXwDDUA2kj6vnc6iDEp',
    clientId: '0x0102',
    root: `0x01551220${word('root').slice(2)}`,
    wallet: address('wallet'),
    chainId: 31337n,
    expiry: 1_800_000_000n,
  },
] as const
const keyRequests = [
  {
    keeper: hellos[0].serverPeerId,
    label: word('label'),
    deal: word('deal'),
    wallet: address('wallet'),
    ephemeralKey: '0x04',
    nonce: word('nonce'),
    issuedAt: 1_800_000_000n,
  },
] as const
const grants = [
  {
    root: hellos[0].root,
    peerId: hellos[0].serverPeerId,
    wallet: address('wallet'),
    maxBytes: 2n ** 40n,
    until: 1_800_000_000n,
  },
] as const

const digests = <message>(messages: readonly message[], hash: (d: typeof domain, message: message) => Hex) =>
  messages.map((message) => ({ message, digest: hash(domain, message) }))

const eip712 = {
  domain: { name: 'Sluice', version: '1', chainId: domain.chainId, verifyingContract: domain.channels },
  OpenIntent: intents.map(({ session: { qx, qy }, ...intent }, i) => ({
    message: { ...intent, qx, qy },
    digest: digests(intents, hashOpenIntent)[i]?.digest,
  })),
  TopUp: digests(topUps, hashTopUp),
  Voucher: digests(vouchers, hashVoucher),
  Hello: digests(hellos, hashHello),
  KeyRequest: digests(keyRequests, hashKeyRequest),
  ReplicationGrant: digests(grants, hashReplicationGrant),
}

const channelIds = intents.map((descriptor) => ({
  chainId: domain.chainId,
  contract: domain.channels,
  payer: descriptor.payer,
  payee: descriptor.payee,
  token: descriptor.token,
  ...session,
  salt: descriptor.salt,
  sessionId: sessionId(session),
  channelId: channelId(domain, descriptor),
}))

function tickRoot(tick: Hex, ticks: number): Hex {
  let link = tick
  for (let i = 0; i < ticks; i++) link = keccak256(link)
  return link
}
const ticks = [0, 1, 2, 255, 1024].map((count) => ({
  tick: word('seed'),
  ticks: count,
  root: tickRoot(word('seed'), count),
}))

/** A scalar that looks random and is the same on every run. */
const scalar = (label: string): bigint => mod(BigInt(word(label)))

/** Registered keepers' keys; the proofs are made here with nonces that are no secret. */
const keeperRegistrations = [
  { chainId: domain.chainId, peerId: bytesToHex(peerIdToBytes(hellos[0].serverPeerId)) },
  { chainId: domain.chainId, peerId: `0x${'ab'.repeat(64)}` as const },
  { chainId: Number.MAX_SAFE_INTEGER, peerId: '0x07' as const },
].map((place, i) => {
  const secret = scalar(`keeper ${i}`)
  const publicKey = keeperPublicKey(encodeScalar(secret))
  const registration = { ...place, registry: address('nodes'), owner: address(`owner ${i}`), publicKey }
  const statement = hashKeeperRegistration(registration)
  const nonce = scalar(`nonce ${i}`)
  const commitment = KEEPER_BASE.multiply(nonce).toBytes()
  const challenge = hashToScalar('sluice/node-keeper/1', hexToBytes(statement), commitment)
  const response = mod(nonce - challenge * secret)
  return {
    ...registration,
    statement,
    secret: bytesToHex(encodeScalar(secret)),
    proof: { challenge: bytesToHex(encodeScalar(challenge)), response: bytesToHex(encodeScalar(response)) },
  }
})

const socialDomain = { chainId: 31337, social: address('social') }
const deeds: SocialDeed[] = [
  { kind: 'handle', handle: 'a-handle-of-thirty_two-letters-0' },
  { kind: 'handle', handle: '' },
  { kind: 'follow', target: address('target') },
  { kind: 'unfollow', target: address('target') },
  { kind: 'react', contentId: word('content'), reaction: 255 },
  { kind: 'comment', contentId: word('content'), digest: word('comment'), parent: word('parent') },
  { kind: 'view', contentId: word('content'), editionId: BigInt(word('edition')) },
]
const social = {
  domain: { name: 'Sluice Social', version: '1', chainId: 31337, verifyingContract: socialDomain.social },
  SocialAction: deeds.map((deed, i) => {
    const bounds = { nonce: BigInt(word('nonce')) + BigInt(i), issuedAt: 0n, deadline: 2n ** 64n - 1n }
    const action = { wallet: address('wallet'), session, ...encodeDeed(deed), ...bounds }
    const { session: key, ...rest } = action
    return { deed, message: { ...rest, ...key }, digest: hashSocialAction(socialDomain, action) }
  }),
}

const style = await resolveConfig(join(target, 'any.json'))
await mkdir(target, { recursive: true })
const vectors = { eip712, 'channel-ids': channelIds, ticks, 'keeper-registrations': keeperRegistrations, social }
for (const [name, content] of Object.entries(vectors)) {
  const path = join(target, `${name}.json`)
  const json = JSON.stringify(content, (_, value: unknown) => (typeof value === 'bigint' ? value.toString() : value))
  const text = await format(json, { ...style, parser: 'json', plugins: [] })
  if (!process.argv.includes('--check')) {
    await writeFile(path, text)
  } else if ((await readFile(path, 'utf8').catch(() => '')) !== text) {
    console.error(`test/vectors/${name}.json is stale: run node scripts/generate-vectors.ts and commit what it writes`)
    process.exitCode = 1
  }
}
