/** What a worker can be asked: functions whose inputs and results cross the process boundary as structured clones. */
export type Commands = Readonly<Record<string, (...input: never[]) => Promise<unknown>>>

export type Call = { readonly id: number; readonly command: string; readonly input: never[] }
export type Answer = { readonly id: number; readonly result?: unknown; readonly error?: string }

/** Answers the parent's calls until it disconnects or dies; then `stop` runs and the process ends. */
export function answerCalls(commands: Commands, stop: () => Promise<void> = async () => undefined): void {
  process.on('message', (message) => {
    const { id, command, input } = message as Call
    void answer(id, () => commands[command]?.(...input))
  })
  process.once('disconnect', () => void stop().finally(() => process.exit()))
  // Ctrl-C reaches the whole group; the parent decides when this ends.
  process.on('SIGINT', () => undefined)
}

async function answer(id: number, run: () => Promise<unknown> | undefined): Promise<void> {
  try {
    send({ id, result: await run() })
  } catch (error) {
    send({ id, error: error instanceof Error ? (error.stack ?? error.message) : String(error) })
  }
}

function send(message: Answer): void {
  if (process.connected) process.send?.(message)
}
