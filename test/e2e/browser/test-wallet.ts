import type { BrowserContext } from 'playwright-core'
import { createWalletClient, hexToBigInt, http, isHex } from 'viem'
import type { Address, Hex, TransactionRequest } from 'viem'
import { privateKeyToAccount } from 'viem/accounts'
import { hardhat } from 'viem/chains'

type RpcRequest = { readonly method: string; readonly params?: readonly unknown[] }
type WalletTransaction = { to: Address; data?: Hex; value?: Hex; gas?: Hex }

export type TestWallet = {
  readonly address: Address
  /** Methods that asked for the user's consent so far, in order. */
  readonly approved: readonly string[]
}

/**
 * A wallet for tests, announced to every page by EIP-6963. The key stays in this process; the page sees a provider as any
 * extension would offer. It reveals no account before it was asked to connect.
 */
export async function installTestWallet(
  context: BrowserContext,
  options: { privateKey: Hex; rpcUrl: string },
): Promise<TestWallet> {
  const account = privateKeyToAccount(options.privateKey)
  const client = createWalletClient({ account, chain: hardhat, transport: http(options.rpcUrl) })
  const approved: string[] = []
  let connected = false

  const handlers: Record<string, (params: readonly unknown[]) => unknown> = {
    eth_accounts: () => (connected ? [account.address] : []),
    eth_requestAccounts: () => {
      connected = true
      approved.push('eth_requestAccounts')
      return [account.address]
    },
    wallet_requestPermissions: () => {
      connected = true
      return [{ parentCapability: 'eth_accounts' }]
    },
    wallet_getPermissions: () => (connected ? [{ parentCapability: 'eth_accounts' }] : []),
    wallet_revokePermissions: () => {
      connected = false
      return null
    },
    wallet_switchEthereumChain: () => null,
    wallet_addEthereumChain: () => null,
    eth_sendTransaction: async ([transaction]) => {
      const { to, data, value, gas } = transaction as WalletTransaction
      approved.push('eth_sendTransaction')
      const request: TransactionRequest = {
        to,
        ...(data === undefined ? {} : { data }),
        ...(isHex(value) ? { value: hexToBigInt(value) } : {}),
        ...(isHex(gas) ? { gas: hexToBigInt(gas) } : {}),
      }
      return client.sendTransaction({ ...request, account, chain: hardhat, kzg: undefined })
    },
    personal_sign: ([message]) => account.signMessage({ message: { raw: message as Hex } }),
  }

  await context.exposeFunction('sluiceTestWallet', async ({ method, params = [] }: RpcRequest) => {
    const handler = handlers[method]
    if (handler !== undefined) return handler(params)
    return client.request({ method, params } as Parameters<typeof client.request>[0])
  })
  await context.addInitScript(announceProvider)
  return { address: account.address, approved }
}

/** Runs in the page, before its own scripts. */
function announceProvider(): void {
  type Bridge = { sluiceTestWallet(request: RpcRequest): Promise<unknown> }
  const bridge = globalThis as unknown as Bridge
  const listeners = new Map<string, Set<(value: unknown) => void>>()
  const emit = (event: string, value: unknown): void => listeners.get(event)?.forEach((listener) => listener(value))
  const provider = {
    async request(request: RpcRequest) {
      const result = await bridge.sluiceTestWallet(request)
      if (request.method === 'eth_requestAccounts') emit('accountsChanged', result)
      return result
    },
    on(event: string, listener: (value: unknown) => void) {
      listeners.set(event, (listeners.get(event) ?? new Set()).add(listener))
      return provider
    },
    removeListener(event: string, listener: (value: unknown) => void) {
      listeners.get(event)?.delete(listener)
      return provider
    },
  }
  const info = {
    uuid: 'a9b8c7d6-0000-4000-8000-000000000001',
    name: 'Test Wallet',
    icon: 'data:image/svg+xml,<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 1 1"><rect width="1" height="1"/></svg>',
    rdns: 'net.sluice.test-wallet',
  }
  const announce = (): void => {
    globalThis.dispatchEvent(new CustomEvent('eip6963:announceProvider', { detail: Object.freeze({ info, provider }) }))
  }
  globalThis.addEventListener('eip6963:requestProvider', announce)
  announce()
}
