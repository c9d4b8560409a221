import type { ChannelRole, ChannelSummary, ClaimRequest, ClaimResult, Earnings } from './types.ts'

/** The money of a node, as the admin API shows it; the ledger is its authority, the chain of what was claimed. */
export type Accounting = {
  channels(role: ChannelRole): Promise<ChannelSummary[]>
  earnings(): Promise<Earnings>
  /** What contents have earned, by root; asks nobody. */
  earned(): ReadonlyMap<string, bigint>
  /** Claims what is named, or all that is worth its gas. */
  claim(request: ClaimRequest): Promise<ClaimResult[]>
}
