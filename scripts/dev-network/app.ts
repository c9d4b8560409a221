import { join } from 'node:path'
import { ROOT } from '../lib/paths.ts'
import { buildOnce } from './build-once.ts'

/** Where the built dApp lies. */
export const APP_DIRECTORY = join(ROOT, 'app/out')

/** Builds the dApp's static export, unless the last build had the same inputs. */
export function buildApp(signal: AbortSignal): Promise<void> {
  return buildOnce(
    {
      name: 'The dApp',
      workspace: 'app',
      inputs: [
        'app/{src,public,scripts}/**/*',
        'app/*.{json,ts,mjs,js}',
        'sdk/src/**/*.ts',
        'node/src/api/*.ts',
        'package-lock.json',
      ],
      outputs: ['sw.js', 'next-env.d.ts'],
      stamp: 'app/.next/sluice-build',
    },
    signal,
  )
}
