'use client'

import { ConnectButton } from '@rainbow-me/rainbowkit'
import { approveToken } from '@sluice/sdk/chain'
import type { Edition } from '@sluice/sdk/chain'
import { buyEdition } from '@sluice/sdk/client'
import { useState } from 'react'
import { useSwitchChain } from 'wagmi'
import { useOrigin } from '../../web3/origin-provider.tsx'
import { TransactionStep } from '../../web3/transaction-form.tsx'
import { useContentReader } from '../../web3/use-content-client.ts'
import { keysLeft } from '../../web3/use-content-data.ts'
import { useFormatAmount } from '../../web3/use-token.ts'
import { useTransaction } from '../../web3/use-transaction.ts'
import { useWallet } from '../../web3/use-wallet.ts'
import { Button } from '../../ui/button.tsx'
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
  const { status } = useWallet()
  const { editionId, epoch, terms } = edition
  const { token, price } = terms
  const format = useFormatAmount(token)
  const reader = useContentReader()
  const transaction = useTransaction({
    what: 'Buy a key',
    key: ['buy', editionId.toString(), epoch, String(price)],
    action: async (client, hooks) => {
      await approveToken(client, { contracts, token, spender: contracts.keys, amount: price, ...hooks })
      return buyEdition(reader, client, { edition, signal: new AbortController().signal, ...hooks })
    },
  })
  if (status !== 'ready') return <WalletFirst />
  return (
    <div className="flex flex-col gap-4">
      <TransactionStep
        transaction={transaction}
        label={price === 0n ? 'Get a free key' : `Buy for ${format(price)}`}
        done="The key is yours."
        size="large"
        disabled={keysLeft(edition) === 0n}
        onRun={() => void transaction.submit()}
      />
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
