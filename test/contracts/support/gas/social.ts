import type { Hex } from 'viem'
import {
  authorize,
  buyKey,
  comment,
  createEdition,
  follow,
  NATIVE_TOKEN,
  publishContent,
  react,
  setHandle,
  submitSocialActions,
  unfollow,
  viewContent,
} from '../../../../sdk/src/chain/index.ts'
import { signSocialAction } from '../../../../sdk/src/social/index.ts'
import type { SocialDeed } from '../../../../sdk/src/social/index.ts'
import { networkHelpers } from '../fixture.ts'
import { terms } from '../keys.ts'
import type { Meter } from './meter.ts'
import { HOUR, TIME, word } from './world.ts'
import type { GasWorld } from './world.ts'

const BATCH = 20
const SIGNED = TIME + 48n * HOUR
const DEADLINE = TIME + 1000n * HOUR

/** What a wallet does in the social graph: by calls of its own, and twenty actions at a time that its session signed. */
export async function measureSocial(world: GasWorld, meter: Meter): Promise<void> {
  await measureOwnCalls(world, meter)
  await measureSignedActions(world, meter)
}

async function measureOwnCalls(world: GasWorld, meter: Meter): Promise<void> {
  const { contracts, payer, other } = world
  const target = other.account.address
  await meter.record('setHandle', setHandle(payer, { contracts, handle: 'ada-lovelace' }))
  await meter.record('setHandle.next', setHandle(payer, { contracts, handle: 'countess-ada' }))
  await meter.record('follow', follow(payer, { contracts, target }))
  await meter.record('unfollow', unfollow(payer, { contracts, target }))
  const watched = await ownKey(world, 'watched')
  const { contentId } = watched
  await meter.record('view', viewContent(payer, { contracts, ...watched }))
  await networkHelpers.time.increase(24n * HOUR)
  await meter.record('view.next', viewContent(payer, { contracts, ...watched }))
  await meter.record('react.afterView', react(payer, { contracts, contentId, reaction: 1 }))
  await meter.record('react', react(payer, { contracts, contentId: word('another content'), reaction: 1 }))
  const said = { contentId, digest: word('comment'), parent: word('first comment') }
  await meter.record('comment', comment(payer, { contracts, ...said }))
}

/** Every follow, reaction and view is new; the first action of the first batch opens a word of nonces. */
async function measureSignedActions(world: GasWorld, meter: Meter): Promise<void> {
  const { contracts, payer, session } = world
  await networkHelpers.time.increaseTo(SIGNED)
  await authorize(payer, { contracts, session: session.publicKey, expiry: DEADLINE })
  const deeds = (make: (at: number) => SocialDeed): SocialDeed[] => Array.from({ length: BATCH }, (_, at) => make(at))
  const contentId = (at: number): Hex => word(`content ${at}`)
  const target = (at: number): Hex => `0x${word(`target ${at}`).slice(-40)}`
  const views: SocialDeed[] = []
  while (views.length < BATCH) views.push({ kind: 'view', ...(await ownKey(world, `key ${views.length}`)) })
  const batches: Record<string, SocialDeed[]> = {
    follow: deeds((at) => ({ kind: 'follow', target: target(at) })),
    react: deeds((at) => ({ kind: 'react', contentId: contentId(at), reaction: 1 })),
    comment: deeds((at) => ({ kind: 'comment', contentId: contentId(at), digest: word(`comment ${at}`) })),
    view: views,
  }
  for (const [index, [name, batch]] of Object.entries(batches).entries()) {
    await meter.record(`socialBatch20.${name}`, submit(world, batch, BigInt(index * BATCH)), BATCH)
  }
}

async function submit(
  { contracts, payer, stranger, session, domain, social }: GasWorld,
  deeds: SocialDeed[],
  at: bigint,
) {
  const actions = await Promise.all(
    deeds.map((deed, index) =>
      signSocialAction(session, {
        domain: { chainId: domain.chainId, social: social.address },
        wallet: payer.account.address,
        deed,
        nonce: (BigInt(word('nonces')) | 0xffn) - at - BigInt(index),
        issuedAt: SIGNED,
        deadline: DEADLINE,
      }),
    ),
  )
  const sent = await submitSocialActions(stranger, { contracts, actions })
  if (sent.refused.length > 0) throw new Error('an action was refused')
  return sent
}

/** A content of the creator with an edition for nothing, of which the payer has a key. */
async function ownKey({ contracts, creator, payer }: GasWorld, name: string) {
  const bytes = { metaHash: word(`${name} manifest`), proofRoot: word(`${name} proofs`), sliceCount: 100 }
  const { contentId } = await publishContent(creator, { contracts, salt: word(name), ...bytes, kind: 'media' })
  const free = { ...terms, price: 0n, token: NATIVE_TOKEN }
  const sale = { contentId, editionSalt: word(name), version: 1, lockboxHash: word('lockbox') }
  const { editionId } = await createEdition(creator, { contracts, ...sale, terms: free })
  await buyKey(payer, { contracts, editionId, maxPrice: 0n, epoch: 1 })
  return { contentId, editionId }
}
