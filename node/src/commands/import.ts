import type { Command } from 'commander'
import { SluiceError } from '@sluice/sdk'
import { stat } from 'node:fs/promises'
import type { Context } from './context.ts'
import { formatBytes } from './format.ts'
import { postFile } from './post-file.ts'
import { withNode } from './run.ts'

export function registerImport(program: Command, signal: AbortSignal): void {
  program
    .command('import')
    .description('Take a content from a CAR file, check every block, and keep it')
    .argument('<file>', 'a CAR file, as sluice export writes it')
    .action(withNode(signal, importFile))
}

async function importFile({ admin, output, signal }: Context, path: string): Promise<void> {
  const found = await stat(path).catch((cause: unknown) => {
    throw new SluiceError('BAD_INPUT', `The file ${path} cannot be read.`, { cause })
  })
  if (!found.isFile()) throw new SluiceError('BAD_INPUT', `${path} is not a file.`)
  const bar = output.progress('Importing', found.size, 'bytes')
  const content = await postFile(admin, { path, size: found.size, signal, onSent: bar.update }).finally(bar.stop)
  const { root, title, sliceCount, byteLength, chainKind } = content
  output.result({ root, slices: sliceCount, bytes: byteLength, manifest: content.manifestCid }, [
    `Imported ${title} (${root}): ${sliceCount} slices, ${formatBytes(byteLength)}, all compared with their CIDs. It is pinned.`,
    ...(chainKind === 'open' ? [] : ['To sell its slices, tell the node what it is on chain: sluice seed CONTENT_ID']),
  ])
}
