import type { ContentSwarm } from '@sluice/sdk/client'
import type { Job, JobSource, Transport } from '../api/types.ts'

type Counted = { peerId: string; via: Transport; slices: number; paid: bigint }

/** What came from whom, over all the swarms that a job has joined. */
export function createTally() {
  const settled = new Map<string, Counted>()

  /** @param usual what a source came by that was reached by its network's only way */
  function count(swarm: ContentSwarm, usual: Transport): ReadonlyMap<string, Counted> {
    const counted = new Map(settled)
    for (const { peerId, slices, paid, via = usual } of swarm.stats()) {
      const key = `${via} ${peerId}`
      const before = counted.get(key) ?? { slices: 0, paid: 0n }
      if (slices > 0) counted.set(key, { peerId, via, slices: before.slices + slices, paid: before.paid + paid })
    }
    return counted
  }

  return {
    /** The job's figures while it draws from a swarm. */
    with: (swarm: ContentSwarm, via: Transport): Pick<Job, 'paid' | 'sources'> => describe(count(swarm, via)),
    /** Takes over a swarm's figures for good, once it is closed. */
    settle(swarm: ContentSwarm, via: Transport): void {
      for (const [key, counted] of count(swarm, via)) settled.set(key, counted)
    },
    spent: (): bigint => total(settled),
  }
}

function describe(counted: ReadonlyMap<string, Counted>): Pick<Job, 'paid' | 'sources'> {
  return {
    paid: total(counted).toString(),
    sources: [...counted.values()].map(({ paid, ...source }): JobSource => ({ ...source, paid: paid.toString() })),
  }
}

function total(counted: ReadonlyMap<string, Counted>): bigint {
  return [...counted.values()].reduce((sum, { paid }) => sum + paid, 0n)
}
