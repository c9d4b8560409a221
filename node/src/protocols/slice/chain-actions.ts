import type { Hash } from 'viem'
import { getGasPrice } from 'viem/actions'
import { claimAndClose, claimChannels, closeChannelNow, openChannel, topUpChannel } from '@sluice/sdk/chain'
import type { SluiceContracts, WriteClient } from '@sluice/sdk/chain'
import { findChannelStanding } from '../../chain/index.ts'
import { createMutex } from './mutex.ts'
import type { ChannelActions } from './types.ts'

type Submit<T> = (options: {
  onHash: (hash: Hash) => void
  confirmations: number
  contracts: SluiceContracts
}) => Promise<T>

/** The service's chain, through the node's own wallet. */
export function createChannelActions(client: WriteClient, options: createChannelActions.Options): ChannelActions {
  const { contracts, confirmations } = options
  const exclusive = createMutex()

  /** One transaction is submitted at a time, so that nonces do not collide; they are waited for side by side. */
  const submit = async <T>(action: Submit<T>): Promise<T> => {
    const { promise: submitted, resolve } = Promise.withResolvers<void>()
    const { promise: started, resolve: start } = Promise.withResolvers<Promise<T>>()
    void exclusive(async () => {
      const running = action({ onHash: () => resolve(), confirmations, contracts })
      start(Promise.resolve(running))
      await Promise.race([submitted, running])
    }).catch(() => undefined)
    return started
  }

  return {
    open: async (intent, signature) => {
      await submit((common) => openChannel(client, { ...common, intent, signature }))
    },
    topUp: async (descriptor, order, signature) => {
      await submit((common) => topUpChannel(client, { ...common, descriptor, order, signature }))
    },
    claim: async (claims) => {
      const { hash, claimed } = await submit((common) => claimChannels(client, { ...common, claims }))
      return { hash, claimed }
    },
    claimAndClose: async (claim) => {
      const { hash, claimed } = await submit((common) => claimAndClose(client, { ...common, claim }))
      return { hash, claimed: claimed === undefined ? [] : [{ channelId: claim.voucher.channelId, claimed }] }
    },
    closeNow: (descriptor) => submit((common) => closeChannelNow(client, { ...common, descriptor })),
    standing: (channelId) => findChannelStanding(client, { contracts, channelId }),
    gasPrice: () => getGasPrice(client),
  }
}

export declare namespace createChannelActions {
  type Options = {
    contracts: SluiceContracts
    /** Blocks to wait for, the transaction's own included. */
    confirmations: number
  }
}
