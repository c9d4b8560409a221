import type { Account, Chain, Transport, WalletClient } from 'viem'
import { sendTransaction } from 'viem/actions'

/**
 * The same wallet, sending one transaction at a time whoever asks: each finds the nonce that the one before has left.
 * Only the sending is serial; the waiting for blocks is not.
 */
export function serialWallet<C extends WalletClient<Transport, Chain, Account>>(client: C): C {
  let last: Promise<unknown> = Promise.resolve()
  const serial: C['sendTransaction'] = (parameters) => {
    const sending = last.then(() => sendTransaction(client, parameters))
    last = sending.catch(() => undefined)
    return sending
  }
  return Object.assign(Object.create(client) as C, { sendTransaction: serial })
}
