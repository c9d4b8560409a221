import { SluiceError } from '@sluice/sdk'
import { toChainError } from '@sluice/sdk/chain'
import type { WriteClient } from '@sluice/sdk/chain'
import { createClient, custom, hexToBigInt } from 'viem'
import type { Address, Client, EIP1193RequestFn, Hex } from 'viem'
import { estimateGas, getGasPrice } from 'viem/actions'

/** What a transaction will cost in the native coin: what it carries, and at most about what its gas costs now. */
export type Cost = { readonly value: bigint; readonly gas: bigint; readonly fee: bigint }

type Sent = { readonly from: Address; readonly to?: Address; readonly data?: Hex; readonly value?: Hex }

/**
 * Runs an action against the chain's present state up to the moment where the wallet would be asked, and prices the
 * transaction that would be sent. What is shown is therefore exactly what is sent, and a revert is known, decoded, before
 * anything is signed.
 *
 * @throws SluiceError the reason why the transaction would fail.
 */
export async function rehearse(
  reader: Client,
  account: Address,
  action: (client: WriteClient) => Promise<unknown>,
): Promise<Cost> {
  const { promise: captured, resolve } = Promise.withResolvers<Sent>()
  const request: EIP1193RequestFn = (call: { method: string; params?: unknown }) => {
    if (call.method !== 'eth_sendTransaction') return reader.request(call as never)
    resolve((call.params as [Sent])[0])
    // The action waits here for ever, as it would for a person who never answers.
    return new Promise(() => undefined) as never
  }
  const client = createClient({ account, chain: reader.chain, transport: custom({ request }, { retryCount: 0 }) })
  const finished = action(client).then(() => {
    throw new SluiceError('INTERNAL', 'There is nothing to send.')
  })
  return price(reader, await Promise.race([captured, finished]))
}

async function price(reader: Client, { from, to, data, value }: Sent): Promise<Cost> {
  const carried = value === undefined ? 0n : hexToBigInt(value)
  const call = { account: from, value: carried, ...(to && { to }), ...(data && { data }) }
  const [gas, gasPrice] = await Promise.all([estimateGas(reader, call), getGasPrice(reader)]).catch(
    (error: unknown) => {
      throw toChainError(error, 'The estimate')
    },
  )
  return { value: carried, gas, fee: gas * gasPrice }
}
