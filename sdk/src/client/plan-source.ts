import type { ResolvedContent } from './resolve-content.ts'
import type { Network, Provider } from './network.ts'

/** How a provider's slices are had: by the exchange, whatever carries it, or by HTTP ranges of what is public. */
export type SourceKind = 'exchange' | 'http'

export type SourcePlan = {
  /** In order of preference. */
  readonly order: readonly SourceKind[]
  /** Whether the second joins while the first is still connecting; else only where the first cannot be reached. */
  readonly race: boolean
}

export declare namespace planSource {
  type Options = {
    readonly network: Pick<Network, 'requestContent'>
    readonly provider: Pick<Provider, 'url'>
    readonly content: Pick<ResolvedContent, 'access' | 'manifest'>
    /** Whether somebody pays, or has a grant: then the exchange gives more than what is public. */
    readonly entitled: boolean
  }
}

/**
 * Decides how to reach one provider. HTTP needs no Hello, so a preview starts there. Open content goes by the exchange, which
 * takes one connection for any number of slices. Where the exchange gives more than HTTP could, HTTP is the way out when
 * there is no other, for what is public.
 */
export function planSource({ network, provider, content, entitled }: planSource.Options): SourcePlan {
  const isPublic = content.access === 'open' || content.manifest?.preview !== undefined
  const hasHttp = network.requestContent !== undefined && provider.url !== undefined && isPublic
  if (!hasHttp) return { order: ['exchange'], race: false }
  if (content.access === 'open') return { order: ['exchange', 'http'], race: true }
  return entitled ? { order: ['exchange', 'http'], race: false } : { order: ['http', 'exchange'], race: true }
}
