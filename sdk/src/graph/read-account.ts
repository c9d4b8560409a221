import { concat, zeroAddress } from 'viem'
import type { Address, Hex } from 'viem'
import { SluiceError } from '../errors.ts'
import { isHandle } from '../social/index.ts'
import type { Ask, Asking } from './ask.ts'

/** A wallet, in numbers. */
export type AccountSummary = {
  readonly address: Address
  readonly handle: string | null
  /** Contents whose creator it is now, delisted ones included. */
  readonly contentCount: number
  readonly followerCount: number
  readonly followingCount: number
  /** Whether the asking wallet follows it. */
  readonly followed: boolean
}

export declare namespace readAccount {
  type Options = Asking & {
    readonly address: Address
    /** Who asks. */
    readonly wallet?: Address | undefined
  }
}

/**
 * What is known of a wallet; `undefined` while no event has named it.
 * @throws `INDEX_UNAVAILABLE`, `PROTOCOL_VIOLATION`, `ABORTED`
 */
export async function readAccount(ask: Ask, options: readAccount.Options): Promise<AccountSummary | undefined> {
  const address = options.address.toLowerCase() as Hex
  // Address zero follows nobody, so who has no wallet does not either.
  const follow = concat([(options.wallet ?? zeroAddress).toLowerCase() as Hex, address])
  const answer = await ask('account', { address, follow }, options)
  if (answer.isNull('account')) return undefined
  const account = answer.one('account')
  if (account.hex('id', 20) !== address) {
    throw new SluiceError('PROTOCOL_VIOLATION', 'The index sent another account than was asked for.')
  }
  return {
    address: account.address('id'),
    handle: account.handle('handle'),
    contentCount: account.count('contentCount'),
    followerCount: account.count('followerCount'),
    followingCount: account.count('followingCount'),
    followed: !answer.isNull('follow'),
  }
}

export declare namespace findAccount {
  type Options = Asking & { readonly handle: string }
}

/**
 * Whose handle it is by the index; `undefined` for nobody's. Before anything is signed for that wallet, ask the chain:
 * `findHandle`.
 * @throws as {@link readAccount}; `BAD_INPUT` for what is no handle
 */
export async function findAccount(ask: Ask, options: findAccount.Options): Promise<Address | undefined> {
  if (!isHandle(options.handle)) throw new SluiceError('BAD_INPUT', 'A handle is 3 to 32 of a-z, 0-9, - and _.')
  const answer = await ask('accountByHandle', { handle: options.handle }, options)
  const [found] = answer.many('accounts', 1, (account) => account.address('id'))
  return found
}
