import { isAddressEqual, parseEventLogs } from 'viem'
import { SluiceError } from '../errors.ts'
import { socialRefusal } from '../social/index.ts'
import type { SignedSocialAction, SocialRefusal } from '../social/index.ts'
import { socialGraphAbi } from './generated/social-graph.ts'
import { send } from './send.ts'
import type { WriteClient, WriteOptions, WriteResult } from './types.ts'

/** The contract's own bound. */
export const MAX_SOCIAL_ACTIONS = 64

/**
 * Submits what sessions signed, in one transaction that the client's account pays for. Actions that could not be done are
 * skipped and named in `refused`; ask `checkSocialActions` first to pay for none of them.
 *
 * @throws `BAD_INPUT` for no actions or more than 64.
 */
export async function submitSocialActions(
  client: WriteClient,
  options: submitSocialActions.Options,
): Promise<submitSocialActions.Result> {
  const { contracts, actions } = options
  checkSocialBatch(actions)
  const call = { address: contracts.social, abi: socialGraphAbi, functionName: 'submit', args: [actions] } as const
  const sent = await send(client, call, options)
  const refused = parseEventLogs({ abi: socialGraphAbi, eventName: 'ActionRefused', logs: sent.receipt.logs })
    .filter(({ address }) => isAddressEqual(address, contracts.social))
    .map(({ args: { index, reason } }) => ({ index: Number(index), reason: socialRefusal(reason) }))
  return { ...sent, refused }
}

export declare namespace submitSocialActions {
  type Options = WriteOptions & { readonly actions: readonly SignedSocialAction[] }
  type Result = WriteResult & {
    /** What was skipped, by its place among `actions`; the reason where this version knows it. */
    readonly refused: readonly { readonly index: number; readonly reason: SocialRefusal | undefined }[]
  }
}

/** Throws for a batch that the contract, or anyone's purse, should not see. */
export function checkSocialBatch(actions: readonly SignedSocialAction[]): void {
  if (actions.length === 0) throw new SluiceError('BAD_INPUT', 'There is nothing to submit.')
  if (actions.length > MAX_SOCIAL_ACTIONS) {
    throw new SluiceError('BAD_INPUT', `At most ${MAX_SOCIAL_ACTIONS} actions go in one batch.`)
  }
}
