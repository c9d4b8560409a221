import type { Command } from 'commander'
import { isSluiceError, SluiceError } from '@sluice/sdk'
import type { Damage } from '../api/client.ts'
import type { Context } from './context.ts'
import { findHeld } from './find-held.ts'
import { followJob } from './job.ts'
import { withNode } from './run.ts'

export function registerScrub(program: Command, signal: AbortSignal): void {
  program
    .command('scrub')
    .description('Read what this node has again, compare it with its CIDs, and fetch what is damaged anew')
    .argument('[content]', 'content id or CID; everything when left out')
    .action(withNode(signal, scrub))
}

async function scrub(context: Context, text: string | undefined): Promise<void> {
  const { node, output, signal } = context
  const request = text === undefined ? {} : { content: (await findHeld(context, text)).root }
  const { jobId } = await node.startScrub(request, { signal })
  const { done, damaged = [] } = await followJob(context, jobId, 'Scrubbing')
  const lost: Damage[] = []
  for (const damage of damaged) if (!(await isRepaired(context, damage))) lost.push(damage)
  const slices = damaged.reduce((sum, damage) => sum + damage.slices, 0)
  if (lost.length > 0) throw stillMissing(lost)
  output.result({ checked: done, damaged: slices, repaired: slices }, [
    slices === 0
      ? `Compared ${done} slices: all of them are sound.`
      : `Compared ${done} slices: ${slices} were damaged, and are fetched again.`,
  ])
}

async function isRepaired(context: Context, { repair, title }: Damage): Promise<boolean> {
  try {
    await followJob(context, repair, `Repairing`)
    return true
  } catch (error) {
    if (!isSluiceError(error) || context.signal.aborted) throw error
    context.output.note(`${title}: ${error.message} (${error.code})`)
    return false
  }
}

function stillMissing(lost: readonly Damage[]): SluiceError {
  const named = lost.map(({ title, root, slices }) => `${slices} of ${title} (${root})`).join(', ')
  return new SluiceError('SLICE_MISSING', `Damaged slices could not be fetched for nothing: ${named}.`, {
    hint: 'sluice get CONTENT -o FILE fetches them again, and pays for them.',
    details: { lost },
  })
}
