import type { Command } from 'commander'
import { loadConfig } from '../config.ts'
import type { Daemon } from '../daemon.ts'
import { outputOf } from './run.ts'

export function registerStart(program: Command, signal: AbortSignal): void {
  program
    .command('start')
    .description('Run the node until it is interrupted')
    .option('--config <file>', 'TOML file; SLUICE_* variables are stronger')
    .action(async (options: { config?: string }, command: Command) => {
      const config = loadConfig(options.config === undefined ? {} : { file: options.config })
      // Libp2p and all that the daemon is made of: only this command waits for them.
      const [{ startDaemon }, { createJobs }] = await Promise.all([import('../daemon.ts'), import('../jobs/index.ts')])
      const daemon = await startDaemon(config, { signal, createJobs })
      try {
        announce(daemon, command)
        await interrupted(signal)
      } finally {
        await daemon.stop()
      }
    })
}

/** Tells whoever started the node where it is: a parent process by message, a person by lines. */
function announce(daemon: Daemon, command: Command): void {
  const { peerId, multiaddrs, apiUrl, publicUrl, torrents } = daemon
  const ready = { type: 'ready', peerId, multiaddrs, apiUrl, publicUrl, trackers: torrents?.trackers ?? [] }
  if (process.send === undefined)
    outputOf(command).note(`Node ${peerId} is up: ${publicUrl} (public), ${apiUrl} (admin)`)
  else process.send(ready)
}

function interrupted(signal: AbortSignal): Promise<void> {
  if (signal.aborted) return Promise.resolve()
  return new Promise((resolve) => signal.addEventListener('abort', () => resolve(), { once: true }))
}
