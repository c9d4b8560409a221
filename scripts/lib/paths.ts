import { fileURLToPath } from 'node:url'

/** The repository's root; every script runs its commands there. */
export const ROOT = fileURLToPath(new URL('../..', import.meta.url))
