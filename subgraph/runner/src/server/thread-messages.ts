import type { Limits } from '../graphql/index.ts'

/** What the thread is started with. */
export type ThreadOptions = {
  /** The store's file, which the indexer has made. */
  readonly database: string
  /** The text of `schema.graphql`. */
  readonly schema: string
  readonly deployment: string
  readonly name: string
  readonly host: string
  readonly port: number
  readonly limits: Partial<Limits>
}

export type FromThread =
  | { readonly type: 'listening'; readonly port: number }
  | { readonly type: 'fault'; readonly message: string }
  | { readonly type: 'metrics'; readonly id: number }

export type ToThread =
  { readonly type: 'metrics'; readonly id: number; readonly text: string } | { readonly type: 'close' }
