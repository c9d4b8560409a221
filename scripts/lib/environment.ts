import { delimiter, join } from 'node:path'
import { ROOT } from './paths.ts'

/**
 * Makes a script started by hand (`node scripts/check.ts`) behave as under `npm run`: the project's own programs come
 * first on the path, and nothing asks questions or reports usage.
 */
export function prepareEnvironment(): void {
  process.chdir(ROOT)
  const path = process.env['PATH'] ?? ''
  process.env['PATH'] = [join(ROOT, 'node_modules', '.bin'), path].join(delimiter)
  process.env['HARDHAT_DISABLE_TELEMETRY_PROMPT'] = 'true'
  process.env['NEXT_TELEMETRY_DISABLED'] = '1'
}

/**
 * Has every process from here on keep what V8 made of the modules it loaded, so that the next one need not take the types out
 * of them and compile them again. For scripts that start hundreds of processes and measure none: it hides what a start costs.
 */
export function keepCompiledModules(): void {
  process.env['NODE_COMPILE_CACHE'] ??= join(ROOT, 'cache', 'node')
}
