import type { DevNetwork } from './dev-network.ts'
import type { DevNode } from './nodes.ts'

/** What `--ready-file` holds. Tokens and keys in it are the dev network's own and end with it. */
export function describeReady({ chain, nodes, accounts, appUrl, indexUrl }: DevNetwork) {
  return {
    rpcUrl: chain.rpcUrl,
    chainId: chain.chainId,
    appUrl: appUrl ?? null,
    indexUrl: indexUrl ?? null,
    contracts: chain.contracts,
    nodes: nodes.map(({ name, peerId, apiUrl, apiToken, publicUrl, multiaddrs }) => {
      return { name, peerId, apiUrl, apiToken, publicUrl, multiaddrs }
    }),
    accounts,
  }
}

/** What a person needs to go on: one line per address, and a wallet to try it with. */
export function summaryLines({ chain, nodes, accounts, appUrl, indexUrl }: DevNetwork): string[] {
  const consumer = accounts.find(({ role }) => role === 'consumer')
  return [
    '',
    `Chain      ${chain.rpcUrl}  (chain id ${chain.chainId})`,
    ...(indexUrl === undefined ? [] : [`Index      ${indexUrl}`]),
    ...(appUrl === undefined ? [] : [`dApp       ${appUrl}`]),
    ...nodes.map((node) => `${node.name.padEnd(10)} ${appUrl === undefined ? node.apiUrl : pairedUrl(node)}`),
    '',
    `A funded wallet to import: ${consumer?.privateKey}  (${consumer?.address})`,
    'The command line as any of them: source .sluice/consumer.env && npx sluice doctor',
    'These keys and tokens are for this network only. Ctrl-C ends everything.',
  ]
}

/** The dApp as this node serves it, with the node's own API connected; the fragment never leaves the browser. */
export function pairedUrl({ publicUrl, apiUrl, apiToken }: DevNode): string {
  const url = new URL(publicUrl)
  url.hash = new URLSearchParams({ api: apiUrl, token: apiToken }).toString()
  return url.href
}
