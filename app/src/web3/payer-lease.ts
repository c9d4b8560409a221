import { SluiceError } from '@sluice/sdk'
import { createConsumerPayer } from '@sluice/sdk/client'
import type { Consumer, Reader } from '@sluice/sdk/client'
import type { Payer } from '@sluice/sdk/exchange'
import { sessionId } from '@sluice/sdk/session'

type Release = () => Promise<void>

/** A payer to pay one content with, until it is released; releasing it again does nothing. */
export type PayerLease = { readonly payer: Payer; readonly release: Release }

/** A payer, how many contents of this tab pay with it, and the lock that keeps other tabs out meanwhile. */
type Purse = { readonly payer: Payer; leases: number; locked: Promise<Release>; unlocked: Promise<void> }

const purses = new Map<string, Purse>()

/**
 * The one payer of a wallet and session: two would pay two sources on the same channel, and each would take the other's
 * ticks for its own. Contents of this tab share it; another tab has one of its own, so only one tab pays at a time.
 * @throws STORE_LOCKED while another tab pays with the session.
 */
export async function leasePayer(reader: Reader, consumer: Consumer): Promise<PayerLease> {
  const name = leaseName(reader, consumer)
  const purse = purses.get(name) ?? createPurse(reader, consumer)
  purses.set(name, purse)
  purse.leases += 1
  // A lock that is just being given back would look like another tab's.
  if (purse.leases === 1) purse.locked = purse.unlocked.then(() => lock(name))
  let released: Promise<void> | undefined
  const release = () => (released ??= giveBack(purse))
  try {
    await purse.locked
  } catch (error) {
    await release()
    throw error
  }
  return { payer: purse.payer, release }
}

/** What names a payer within a browser, and the lock on it. */
export function leaseName({ chainId, contracts }: Reader, { wallet, session }: Consumer): string {
  return `sluice.payer ${chainId} ${contracts.channels} ${wallet} ${sessionId(session.publicKey)}`.toLowerCase()
}

function createPurse(reader: Reader, consumer: Consumer): Purse {
  const payer = createConsumerPayer(reader, consumer)
  return { payer, leases: 0, locked: Promise.resolve(unlockNothing), unlocked: Promise.resolve() }
}

function giveBack(purse: Purse): Promise<void> {
  purse.leases -= 1
  if (purse.leases === 0) purse.unlocked = purse.locked.then((unlock) => unlock()).catch(unlockNothing)
  return purse.unlocked
}

/** Takes the lock or fails at once. Pages without a secure context have no locks, and go on without. */
function lock(name: string): Promise<Release> {
  if (!('locks' in navigator)) return Promise.resolve(unlockNothing)
  const taken = Promise.withResolvers<Release>()
  const used = Promise.withResolvers<undefined>()
  const request = navigator.locks.request(name, { ifAvailable: true }, (held) => {
    if (held === null) throw lockedElsewhere()
    taken.resolve(async () => {
      used.resolve(undefined)
      await request
    })
    return used.promise
  })
  request.catch(taken.reject)
  return taken.promise
}

function lockedElsewhere(): SluiceError {
  return new SluiceError('STORE_LOCKED', 'Another tab is paying with this session.', {
    hint: 'Stop it there first, then start again.',
  })
}

async function unlockNothing(): Promise<void> {
  // Nothing was locked.
}
