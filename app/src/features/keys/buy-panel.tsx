'use client'

import { ConnectButton } from '@rainbow-me/rainbowkit'
import { approveToken } from '@sluice/sdk/chain'
import type { Edition, WriteClient } from '@sluice/sdk/chain'
import { buyEdition } from '@sluice/sdk/client'
import { useState } from 'react'
import type { Hash } from 'viem'
import { useSwitchChain } from 'wagmi'
import { useOrigin } from '../../web3/origin-provider.tsx'
import { TransactionCost } from '../../web3/transaction-cost.tsx'
import { useContentReader } from '../../web3/use-content-client.ts'
import { keysLeft } from '../../web3/use-content-data.ts'
import { useFormatAmount } from '../../web3/use-token.ts'
import { useCost, useTransaction } from '../../web3/use-transaction.ts'
import { useWallet } from '../../web3/use-wallet.ts'
import { Button } from '../../ui/button.tsx'
import { TransactionStatus } from '../../ui/transaction-status.tsx'
import { EditionChoice } from './edition-choice.tsx'

type BuyPanelProps = { editions: readonly Edition[]; sliceCount: number }

/** Chooses an edition and buys one key of it. */
export function BuyPanel({ editions, sliceCount }: BuyPanelProps) {
  const [chosen, setChosen] = useState<bigint>()
  const edition = editions.find(({ editionId }) => editionId === chosen) ?? editions.find((one) => keysLeft(one) !== 0n)
  if (edition === undefined) {
    return <p className="text-sm text-quiet">There is no key to buy: all are sold, or none was offered.</p>
  }
  return (
    <div className="space-y-5">
      <EditionChoice editions={editions} sliceCount={sliceCount} chosen={edition.editionId} onChoose={setChosen} />
      <Purchase key={edition.editionId.toString()} edition={edition} />
    </div>
  )
}

function Purchase({ edition }: { edition: Edition }) {
  const { contracts } = useOrigin()
  const wallet = useWallet()
  const format = useFormatAmount(edition.terms.token)
  const transaction = useTransaction('Buy a key')
  const { editionId, epoch, terms } = edition
  const reader = useContentReader()
  const action = async (client: WriteClient, hooks: { onHash?: (hash: Hash) => void } = {}) => {
    const { token, price } = terms
    await approveToken(client, { contracts, token, spender: contracts.keys, amount: price, ...hooks })
    return buyEdition(reader, client, { edition, signal: new AbortController().signal, ...hooks })
  }
  const cost = useCost(
    ['buy', editionId.toString(), epoch, String(terms.price)],
    wallet.status === 'ready' ? action : undefined,
  )
  if (wallet.status !== 'ready') return <WalletFirst />
  return (
    <div className="flex flex-col gap-4">
      <TransactionCost cost={cost.data} error={cost.error} />
      <Button
        variant="primary"
        size="large"
        className="w-full"
        busy={transaction.busy}
        disabled={cost.isError || keysLeft(edition) === 0n}
        onClick={() => void transaction.run(action)}
      >
        {terms.price === 0n ? 'Get a free key' : `Buy for ${format(terms.price)}`}
      </Button>
      <TransactionStatus state={transaction.state} done="The key is yours." />
    </div>
  )
}

/** Gets the wallet connected and onto the right chain. */
function WalletFirst() {
  const { chainId } = useOrigin()
  const { status } = useWallet()
  const { mutate: switchChain, isPending } = useSwitchChain()
  if (status === 'wrong-chain') {
    return (
      <Button
        variant="primary"
        size="large"
        className="w-full"
        busy={isPending}
        onClick={() => switchChain({ chainId })}
      >
        Switch network
      </Button>
    )
  }
  return (
    <ConnectButton.Custom>
      {({ openConnectModal, mounted }) => (
        <Button variant="primary" size="large" className="w-full" disabled={!mounted} onClick={openConnectModal}>
          Connect wallet to buy
        </Button>
      )}
    </ConnectButton.Custom>
  )
}
