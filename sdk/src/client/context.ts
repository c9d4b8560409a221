import type { Address } from 'viem'
import { readEscrow, readGrant } from '../chain/index.ts'
import type { ReadClient, SluiceContracts } from '../chain/index.ts'
import type { PayerLedger } from '../channel/index.ts'
import { createPayer } from '../exchange/index.ts'
import type { Payer } from '../exchange/index.ts'
import type { Session, SessionDomain } from '../session/index.ts'
import type { Network } from './network.ts'
import type { PenaltyBook } from './penalty-book.ts'

/** What reading takes: the chain's word, and a network that carries bytes. */
export type Reader = {
  readonly network: Network
  readonly chain: ReadClient
  readonly chainId: number
  readonly contracts: SluiceContracts
  /** What sources did before, whichever content it was; without one each content finds it out by itself. */
  readonly penalties?: PenaltyBook
}

/** Who fetches: a session that speaks for a wallet, and its memory of what it has promised. */
export type Consumer = {
  readonly session: Session
  readonly wallet: Address
  readonly payerLedger: PayerLedger
}

/** The EIP-712 domain that sessions sign under. */
export function sessionDomain({ chainId, contracts }: Pick<Reader, 'chainId' | 'contracts'>): SessionDomain {
  return { chainId, channels: contracts.channels }
}

/** A consumer's purse: it may lock what is in the wallet's escrow, up to what the session was granted. */
export function createConsumerPayer(reader: Reader, { session, wallet, payerLedger }: Consumer): Payer {
  const { chain, contracts } = reader
  return createPayer({
    wallet,
    session,
    domain: sessionDomain(reader),
    ledger: payerLedger,
    available: async (token) => {
      const query = { contracts, payer: wallet, token }
      const [{ balance }, { remaining }] = await Promise.all([
        readEscrow(chain, query),
        readGrant(chain, { ...query, session: session.publicKey }),
      ])
      return balance < remaining ? balance : remaining
    },
  })
}
