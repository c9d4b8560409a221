import packageJson from '../package.json' with { type: 'json' }

/** The node's version, as its package says. */
export const VERSION: string = packageJson.version
