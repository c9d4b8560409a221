import type { ErrorCode } from '../errors.ts'
import { refusalSentence, socialRefusal } from '../social/index.ts'
import type { SocialRefusal } from '../social/index.ts'

/** Contract errors that mean the same as a code of ours; every other one is `CHAIN_REVERT`. */
const CODES: Readonly<Record<string, ErrorCode>> = {
  ContentKeys_PriceAbove: 'PRICE_TOO_HIGH',
  ERC20InsufficientBalance: 'INSUFFICIENT_FUNDS',
  KeyMarket_PriceAbove: 'PRICE_TOO_HIGH',
  MetaHashRegistry_ContentUnknown: 'CONTENT_UNKNOWN',
  SliceChannels_ChannelClosing: 'CHANNEL_CLOSING',
  SliceChannels_ChannelUnknown: 'CHANNEL_UNKNOWN',
  SliceChannels_DepositSpent: 'VOUCHER_ABOVE_DEPOSIT',
  SliceChannels_InsufficientAllowance: 'INSUFFICIENT_FUNDS',
  SliceChannels_InsufficientEscrow: 'INSUFFICIENT_FUNDS',
  SliceChannels_SessionExpired: 'SESSION_EXPIRED',
  SliceChannels_SignatureInvalid: 'SIGNATURE_INVALID',
  SliceChannels_TickInvalid: 'TICK_INVALID',
  SliceChannels_VoucherStale: 'VOUCHER_STALE',
}

/** What a person should read, for the errors that people meet. */
const SENTENCES: Readonly<Record<string, string>> = {
  ContentKeys_Delisted: 'The creator has taken this content off sale.',
  ContentKeys_EditionUnknown: 'There is no such edition.',
  ContentKeys_EpochMismatch: 'The creator has replaced this edition’s lockbox: check the new one, then buy.',
  ContentKeys_NotCreator: 'Only the content’s creator may do this.',
  ContentKeys_NotTransferable: 'Keys of this edition do not change hands.',
  ContentKeys_PriceAbove: 'The price is higher than what was agreed to.',
  ContentKeys_SupplyBelowSold: 'More keys than that are sold already.',
  ContentKeys_SupplyExceeded: 'There are not enough keys left.',
  ContentKeys_SupplyRaised: 'An edition’s maximum can only be lowered.',
  Credits_FeeOnTransfer: 'This token takes a fee on transfers, which is not supported.',
  Credits_NothingToWithdraw: 'There is nothing to withdraw in this token.',
  Credits_TransferFailed: 'The token or the recipient refused the payment.',
  Credits_ValueMismatch: 'The amount sent is not what this costs.',
  ERC20InsufficientAllowance: 'The token’s allowance is too low: approve the amount first.',
  ERC20InsufficientBalance: 'The wallet does not hold enough of this token.',
  KeyMarket_BalanceTooLow: 'The seller does not hold this many keys.',
  KeyMarket_EpochMismatch: 'The creator has replaced this edition’s lockbox: check the new one, then buy.',
  KeyMarket_ListingExpired: 'The offer has ended.',
  KeyMarket_ListingUnknown: 'There is no such offer.',
  KeyMarket_NotApproved: 'The seller has not approved the market, or has taken the approval back.',
  KeyMarket_NotTransferable: 'Keys of this edition do not change hands.',
  KeyMarket_PriceAbove: 'The price is higher than what was agreed to.',
  KeyMarket_QuantityExceeded: 'Fewer keys than that are offered.',
  KeyMarket_TokenMismatch: 'The seller now asks for another token.',
  MetaHashRegistry_ContentExists: 'This content is already registered.',
  MetaHashRegistry_ContentUnknown: 'There is no such content in the registry.',
  MetaHashRegistry_NotCreator: 'Only the content’s creator may do this.',
  NodeRegistry_KeeperKeyUnchanged: 'This key is registered already, with the same proof.',
  NodeRegistry_NoRequest: 'No stake was asked back.',
  NodeRegistry_NoStake: 'This account has nothing at stake.',
  NodeRegistry_NotKeeper: 'Only a node with the keeper role has a keeper key.',
  NodeRegistry_NotRegistered: 'This account has no node in service.',
  NodeRegistry_UnstakeTooEarly: 'The stake’s waiting time is not over yet.',
  NodeRegistry_UnstakeTooLate: 'The request has lapsed: ask for the stake again.',
  SliceChannels_ChannelClosed: 'The channel is already closed.',
  SliceChannels_ChannelClosing: 'The payer has asked to close this channel.',
  SliceChannels_ChannelExists: 'This channel was opened before.',
  SliceChannels_ChannelUnknown: 'This channel was never opened.',
  SliceChannels_CloseTooEarly: 'The payee’s time to claim is not over yet.',
  SliceChannels_DepositSpent: 'Everything in the channel was claimed: top it up, then claim the rest.',
  SliceChannels_FeeOnTransfer: 'This token takes a fee on transfers, which is not supported.',
  SliceChannels_InsufficientAllowance: 'The session’s spending limit is used up.',
  SliceChannels_InsufficientEscrow: 'The escrow does not hold enough for this.',
  SliceChannels_NoWithdrawal: 'No withdrawal was requested for this token.',
  SliceChannels_OrderExpired: 'The signed order’s deadline has passed.',
  SliceChannels_SessionExpired: 'The session has ended or was revoked.',
  SliceChannels_SignatureInvalid: 'The session’s signature does not verify.',
  SliceChannels_VoucherStale: 'The voucher adds nothing to what was already claimed.',
  SliceChannels_WithdrawTooLate: 'The withdrawal’s request has lapsed: make a new one.',
  SliceChannels_WithdrawTooEarly: 'The withdrawal’s waiting time is not over yet.',
}

/** The code of a contract error. */
export function revertCode(errorName: string, args: readonly unknown[] = []): ErrorCode {
  if (refusalIn(errorName, args) === 'not-entitled') return 'NOT_ENTITLED'
  return CODES[errorName] ?? 'CHAIN_REVERT'
}

/** A sentence for a contract error; those without one of their own are put into words from their name. */
export function revertSentence(errorName: string, args: readonly unknown[] = []): string {
  const refusal = refusalIn(errorName, args)
  if (refusal !== undefined) return refusalSentence(refusal)
  const sentence = SENTENCES[errorName]
  if (sentence !== undefined) return sentence
  const [contract, reason] = errorName.includes('_') ? errorName.split('_') : ['The contract', errorName]
  return `${contract} refused: ${(reason ?? errorName).replace(/([a-z0-9])([A-Z])/g, '$1 $2').toLowerCase()}.`
}

/** The social graph has one error for everything that it refuses, with the reason as its argument. */
function refusalIn(errorName: string, [reason]: readonly unknown[]): SocialRefusal | undefined {
  return errorName === 'SocialGraph_Refused' && typeof reason === 'number' ? socialRefusal(reason) : undefined
}
