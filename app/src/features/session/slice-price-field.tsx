'use client'

import { useState } from 'react'
import type { Address } from 'viem'
import { formatUnits } from 'viem'
import { TextField } from '../../ui/field.tsx'
import { useToken } from '../../web3/use-token.ts'
import { useMaxSlicePrice } from './max-slice-price.ts'
import { parseAmount } from '../../web3/parse-amount.ts'

type SlicePriceFieldProps = { token: Address; slicePrice: bigint | undefined }

/**
 * The most to pay any seeder for one slice; takes effect with the next start, and an empty field restores the proposal.
 */
export function SlicePriceField({ token, slicePrice }: SlicePriceFieldProps) {
  const { decimals, symbol } = useToken(token)
  const { limit, choose } = useMaxSlicePrice(token, slicePrice)
  const [typed, setTyped] = useState<string>()
  const text = typed ?? (limit === undefined ? '' : formatUnits(limit, decimals))
  const isWrong = text.trim() !== '' && parseAmount(text, decimals) === undefined
  const change = (next: string): void => {
    setTyped(next)
    const amount = parseAmount(next, decimals)
    if (amount !== undefined || next.trim() === '') choose(amount)
  }
  return (
    <TextField
      label="Most to pay for one slice"
      inputMode="decimal"
      value={text}
      suffix={symbol}
      onChange={(event) => change(event.target.value)}
      error={isWrong ? `An amount in ${symbol}.` : undefined}
      hint="A slice is 256 KiB. Seeders that ask for more are passed over."
    />
  )
}
