/** Bundles the Service Worker into `public/sw.js`: it must live at the root of the origin to control every page. */
import { fileURLToPath } from 'node:url'
import { build } from 'esbuild'

const inApp = (path: string) => fileURLToPath(new URL(`../${path}`, import.meta.url))

await build({
  entryPoints: [inApp('src/sw/main.ts')],
  outfile: inApp('public/sw.js'),
  tsconfig: inApp('tsconfig.sw.json'),
  bundle: true,
  minify: true,
  format: 'iife',
  target: 'es2022',
  logLevel: 'warning',
})
