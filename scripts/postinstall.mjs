// npm may itself run on a Node too old for some optional native packages (Hardhat's EDR among them) and then skips
// them silently. Lifecycle scripts already run on the project's own Node 24, so asking npm once more, from here, mends it.
import { spawnSync } from 'node:child_process'

const MINIMUM_NODE = 22

/** Asked in a fresh process each time: a process remembers modules it failed to find. */
function nativePackagesPresent() {
  const probe = ['-e', "require('@nomicfoundation/edr')"]
  return spawnSync(process.execPath, probe, { stdio: 'ignore' }).status === 0
}

if (Number(process.versions.node.split('.')[0]) < MINIMUM_NODE) {
  console.error(
    `Sluice needs Node ${MINIMUM_NODE} or newer (found ${process.version}). ` +
      'On Linux x64 and arm64 the lock file brings one; on other systems install it from https://nodejs.org and run npm ci again.',
  )
  process.exit(1)
}

if (!nativePackagesPresent()) {
  const npm = process.env.npm_execpath
  if (!npm) {
    console.error('The native packages are missing. Run "npm ci" with npm itself, not another package manager.')
    process.exit(1)
  }
  const args = [npm, 'install', '--ignore-scripts', '--no-audit', '--no-fund', '--no-save']
  const { status } = spawnSync(process.execPath, args, { stdio: 'inherit' })
  if (status !== 0 || !nativePackagesPresent()) {
    console.error('The native packages could not be installed. Remove node_modules and run npm ci again.')
    process.exit(1)
  }
}
