import { SluiceError } from '@sluice/sdk'
import { verifyDigest } from '@sluice/sdk/session'
import { decodeComment, hashSocialAction } from '@sluice/sdk/social'
import type { SocialDomain, SocialPost, SocialRefusal } from '@sluice/sdk/social'
import type { PoolEntry } from './entries.ts'
import type { Pool, PoolRefusal } from './pool.ts'
import type { Check } from './settle.ts'
import type { Standing } from './standing.ts'

/** Each costs a signature's check and a few reads of the chain. */
const AT_ONCE = 32
/**
 * How far ahead of this node's clock an action may be that the node's endpoint finds early: it may be a block behind.
 */
const EARLY_SECONDS = 60n

export type AdmissionOptions = {
  readonly pool: Pool
  readonly domain: SocialDomain
  readonly standing: Standing
  /** What the chain would refuse of these, one after the other, in one batch now. */
  readonly check: Check
  readonly now?: () => number
}

/** What became of a post: it waits, or it had come before and is as it is; or the chain would refuse it. */
export type Admitted =
  | { readonly entry: PoolEntry; readonly isNew: boolean }
  | { readonly id: PoolEntry['id']; readonly refused: SocialRefusal }

const REFUSALS: Readonly<Record<PoolRefusal, string>> = {
  full: 'Too many actions wait at this node.',
  'wallet-full': 'Too many of this wallet’s actions wait.',
  'prefix-full': 'Too many actions from this network wait.',
  'wallet-daily': 'This wallet has said enough for a day.',
}

/**
 * Lets into the pool what may be said: by counts, by its signature, by the wallet's standing, and by the chain's own
 * word after what waits of the same wallet, cheapest first.
 *
 * @returns A function that throws RATE_LIMITED, SIGNATURE_INVALID, BAD_INPUT for a comment without readable text,
 * NOT_ENTITLED for a wallet without standing, or what reading the chain throws.
 */
export function createAdmission({ pool, domain, standing, check, now = Date.now }: AdmissionOptions) {
  let running = 0

  function requireRoom({ action }: SocialPost, prefix: string | undefined): void {
    const refusal = pool.refuses(action, prefix, now())
    if (refusal !== undefined) throw new SluiceError('RATE_LIMITED', REFUSALS[refusal])
  }

  async function judge(post: SocialPost, id: PoolEntry['id']): Promise<SocialRefusal | undefined> {
    const { action, signature, comment } = post
    if (!(await verifyDigest(action.session, id, signature))) {
      throw new SluiceError('SIGNATURE_INVALID', 'The session did not sign this action.')
    }
    if (comment !== undefined) decodeComment(comment)
    const stood = await standing(action)
    if (stood === 'falls') throw noStanding()
    if (stood === 'session-expired') return stood
    const before = pool.waitingOf(action.wallet).filter((entry) => entry.post.action.issuedAt <= action.issuedAt)
    const answers = await check([...before.map((entry) => entry.post), { action, signature }])
    const answer = answers.at(-1)
    const isAlmostDue = action.issuedAt <= BigInt(Math.floor(now() / 1000)) + EARLY_SECONDS
    return answer === 'none' || (answer === 'early' && isAlmostDue) ? undefined : (answer ?? 'kind-unknown')
  }

  return async (post: SocialPost, prefix?: string): Promise<Admitted> => {
    const id = hashSocialAction(domain, post.action)
    const known = pool.known(post.action)
    if (known !== undefined) return knownOr(known, id)
    requireRoom(post, prefix)
    if (running >= AT_ONCE) throw new SluiceError('RATE_LIMITED', 'This node checks too many actions already.')
    running += 1
    try {
      const refused = await judge(post, id)
      // While the chain was asked, others came.
      const meanwhile = pool.known(post.action)
      if (meanwhile !== undefined) return knownOr(meanwhile, id)
      if (refused !== undefined) return { id, refused }
      requireRoom(post, prefix)
      const entry: PoolEntry = { id, post, since: now(), state: 'pending', ...(prefix === undefined ? {} : { prefix }) }
      pool.add(entry)
      return { entry, isNew: true }
    } finally {
      running -= 1
    }
  }
}

export type Admission = ReturnType<typeof createAdmission>

/** The same action again is no news; another one under its nonce can never land beside it. */
function knownOr(entry: PoolEntry, id: PoolEntry['id']): Admitted {
  return entry.id === id ? { entry, isNew: false } : { id, refused: 'nonce-spent' }
}

function noStanding(): SluiceError {
  return new SluiceError('NOT_ENTITLED', 'Nodes carry no words of this wallet.', {
    hint: 'It needs a key of the content, or a deposit or stake. Or it says it in a transaction of its own.',
  })
}
