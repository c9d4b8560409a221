import type { ContractFunctionReturnType, Hex } from 'viem'
import type { metaHashRegistryAbi } from './generated/meta-hash-registry.ts'
import { CONTENT_KINDS, CONTENT_STATUSES } from './types.ts'
import type { ContentRecord } from './types.ts'

type Stored = ContractFunctionReturnType<typeof metaHashRegistryAbi, 'view', 'contentOf'>

/** The registry's struct with its enums by name. */
export function toContentRecord(contentId: Hex, stored: Stored): ContentRecord {
  return {
    contentId,
    creator: stored.creator,
    pendingCreator: stored.pendingCreator,
    status: CONTENT_STATUSES[stored.status] ?? 'none',
    kind: CONTENT_KINDS[stored.kind] ?? 'file',
    versionCount: stored.versionCount,
  }
}
