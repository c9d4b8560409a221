import type { ContentSwarm } from '@sluice/sdk/client'
import type { Job } from '../api/types.ts'

type Counted = { slices: number; paid: bigint }

/** What came from whom, over all the swarms that a job has joined. */
export function createTally() {
  const settled = new Map<string, Counted>()

  function count(swarm: ContentSwarm): ReadonlyMap<string, Counted> {
    const counted = new Map(settled)
    for (const { peerId, slices, paid } of swarm.stats()) {
      const before = counted.get(peerId) ?? { slices: 0, paid: 0n }
      if (slices > 0) counted.set(peerId, { slices: before.slices + slices, paid: before.paid + paid })
    }
    return counted
  }

  return {
    /** The job's figures while it draws from a swarm. */
    with: (swarm: ContentSwarm): Pick<Job, 'paid' | 'sources'> => describe(count(swarm)),
    /** Takes over a swarm's figures for good, once it is closed. */
    settle(swarm: ContentSwarm): void {
      for (const [peerId, counted] of count(swarm)) settled.set(peerId, counted)
    },
    spent: (): bigint => total(settled),
  }
}

function describe(counted: ReadonlyMap<string, Counted>): Pick<Job, 'paid' | 'sources'> {
  return {
    paid: total(counted).toString(),
    sources: [...counted].map(([peerId, { slices, paid }]) => ({ peerId, slices, paid: paid.toString() })),
  }
}

function total(counted: ReadonlyMap<string, Counted>): bigint {
  return [...counted.values()].reduce((sum, { paid }) => sum + paid, 0n)
}
