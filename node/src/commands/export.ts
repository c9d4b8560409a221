import { stat } from 'node:fs/promises'
import type { Command } from 'commander'
import { isSluiceError, SluiceError } from '@sluice/sdk'
import type { Context } from './context.ts'
import { findHeld } from './find-held.ts'
import { formatBytes } from './format.ts'
import { withNode } from './run.ts'
import { checkTarget, save } from './save-file.ts'

type ExportOptions = { output: string; force?: boolean }

export function registerExport(program: Command, signal: AbortSignal): void {
  program
    .command('export')
    .description('Write a content, sealed as it is, to a CAR file that other IPFS tools read')
    .argument('<content>', 'content id or CID, of what the node has whole')
    .requiredOption('-o, --output <file>', 'where to write it')
    .option('--force', 'overwrite the file')
    .action(withNode(signal, exportContent))
}

async function exportContent(context: Context, text: string, options: ExportOptions): Promise<void> {
  const { node, output, signal } = context
  const { root, title, byteLength, manifestCid } = await findHeld(context, text)
  const path = await checkTarget(options)
  const bar = output.progress('Exporting', byteLength, 'bytes')
  let written = 0
  try {
    await save(await node.exportCar(root, { signal }), path, (bytes) =>
      bar.update(Math.min((written += bytes), byteLength)),
    )
  } catch (error) {
    if (isSluiceError(error) || signal.aborted) throw error
    throw new SluiceError('SLICE_CORRUPT', 'The export broke off; a slice may be damaged.', {
      cause: error,
      hint: `sluice scrub ${root} finds out, and fetches it again.`,
    })
  } finally {
    bar.stop()
  }
  const { size } = await stat(path)
  const roots = [...new Set([manifestCid, root])]
  output.result({ path, bytes: size, roots }, [`${path}: ${title}, ${formatBytes(size)}, roots ${roots.join(' and ')}`])
}
