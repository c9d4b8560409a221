import type { ErrorCode } from '@sluice/sdk'
import type { EditionTerms, SluiceContracts } from '@sluice/sdk/chain'
import type {
  ContentAttributes,
  KeeperInfo,
  PreparedPublication,
  PublicationProgress,
  publishOpen,
} from '@sluice/sdk/client'
import type { Address } from 'viem'
import type { NodeConnection } from '../../web3/connection.ts'

/** What sets a sealed publication apart from an open one. */
export type Sale = {
  readonly creator: Address
  readonly chainId: number
  readonly contracts: SluiceContracts
  readonly editions: readonly EditionTerms[]
  readonly previewPercent: number
  readonly keepers: readonly KeeperInfo[]
  readonly threshold: number
}

/** All that the worker needs; plain data and the file, which is read in pieces and never copied whole. */
export type PublishJob = {
  readonly file: File
  readonly attributes: ContentAttributes
  readonly node: NodeConnection
  /** Absent for open content. */
  readonly sale?: Sale
}

export type Published =
  | { readonly kind: 'sealed'; readonly publication: PreparedPublication }
  | { readonly kind: 'open'; readonly publication: publishOpen.Result }

/** Page to worker: start, once; or stop. */
export type WorkerCommand = { readonly type: 'start'; readonly job: PublishJob } | { readonly type: 'stop' }

/** Worker to page. */
export type WorkerReport =
  | { readonly type: 'progress'; readonly progress: PublicationProgress }
  | { readonly type: 'done'; readonly published: Published }
  | { readonly type: 'failed'; readonly code: ErrorCode; readonly message: string; readonly hint: string | undefined }
