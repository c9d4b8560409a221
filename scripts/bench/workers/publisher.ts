import { createNodeClient } from '@sluice/node/api/client'
import type { NodeClientOptions } from '@sluice/node/api/client'
import type { KeeperInfo, PreparedPublication } from '@sluice/sdk/client'
import { answerCalls } from '../harness/answer.ts'
import { publishSale } from '../support/sale.ts'
import type { Place } from '../support/sale.ts'

/** A creator's process: what it publishes is sealed here and uploaded to the node. */
const commands = {
  /** Resolves once everything is loaded that publishing takes. */
  ready: async (): Promise<void> => undefined,
  publish: (
    node: NodeClientOptions,
    place: Place,
    content: { bytes: number; keepers: readonly KeeperInfo[] },
  ): Promise<PreparedPublication> => publishSale(createNodeClient(node), place, content),
}

export type PublisherCommands = typeof commands

answerCalls(commands)
