import { fileURLToPath } from 'node:url'
import type { NextConfig } from 'next'
import { buildId } from './scripts/build-id.ts'

const config: NextConfig = {
  // Every node serves the dApp from disk, so there is no server to trust: what is built is what runs.
  output: 'export',
  // `content/index.html` instead of `content.html`: any static file server finds it.
  trailingSlash: true,
  generateBuildId: buildId,
  reactStrictMode: true,
  // The whole repository is type-checked apart from this (`tsc -p app`), so a build does not do it again.
  typescript: { ignoreBuildErrors: true },
  transpilePackages: ['@sluice/sdk', '@sluice/node'],
  turbopack: { root: fileURLToPath(new URL('..', import.meta.url)) },
}

export default config
