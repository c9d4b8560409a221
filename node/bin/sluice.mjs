#!/usr/bin/env -S node --max-semi-space-size=2
// The sources are TypeScript that Node runs by itself from version 22.18 on; npm brings Node 24 on Linux, and `npx sluice`
// uses it. This file stays plain JavaScript so that an older Node gets a sentence instead of a syntax error.
// The flag: slices live outside V8's heap and are freed when its young generation is collected. Kept at 2 MiB that happens
// before their weight makes V8 search the whole heap, which took half of the time of a transfer, and memory stays flat.
const [major = 0, minor = 0] = process.versions.node.split('.').map(Number)
if (major < 22 || (major === 22 && minor < 18)) {
  console.error(`sluice needs Node 22.18 or newer, this is ${process.version}. Run it as: npx sluice`)
  process.exit(1)
}
const { main } = await import('../src/commands/main.ts')
process.exitCode = await main(process.argv.slice(2))
