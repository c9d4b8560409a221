import { fileURLToPath } from 'node:url'
import hardhatToolboxViem from '@nomicfoundation/hardhat-toolbox-viem'
import { configVariable, defineConfig } from 'hardhat/config'

// The compiler comes from npm with everything else, so that a clean clone builds offline and from the lock file alone.
const compiler = { version: '0.8.37', path: fileURLToPath(import.meta.resolve('solc/soljson.js')) }
// osaka is the first hard fork with the secp256r1 precompile (EIP-7951).
const settings = { optimizer: { enabled: true, runs: 100_000 }, evmVersion: 'osaka' }

const search = process.env['FUZZ_PROFILE'] ?? 'local'

// The channels are compiled through the IR, where a claim in a batch costs some 1,500 gas less. The others gain nothing by it,
// and an ERC-1155 transfer costs more.
const throughIr = { ...compiler, settings: { ...settings, viaIR: true } }
const compilers = {
  compilers: [{ ...compiler, settings }],
  overrides: {
    'contracts/SliceChannels.sol': throughIr,
    // These have the channels' code within. The deep search takes it as it is deployed; the local one compiles in a third of
    // the time without.
    ...(search === 'ci' && {
      'test/contracts/invariants/ChannelsHandler.sol': throughIr,
      'test/contracts/invariants/SliceChannels.t.sol': throughIr,
    }),
  },
}

/** How long the tests search: `local` meets every branch of the handlers; `ci` takes a minute or two (`npm run fuzz`). */
function searchProfile(name: string) {
  // The same calls on every run unless another seed is given.
  const { FUZZ_SEED: seed } = process.env
  const seeded = seed === undefined ? {} : { seed }
  if (name === 'local') return { fuzz: { runs: 256, ...seeded }, invariant: { runs: 16, depth: 128 } }
  if (name === 'ci') return { fuzz: { runs: 2000, ...seeded }, invariant: { runs: 64, depth: 128 } }
  throw new Error(`FUZZ_PROFILE is "${name}", and there are only local and ci`)
}

export default defineConfig({
  plugins: [hardhatToolboxViem],
  solidity: {
    // One profile under two names: what is deployed is what was tested and measured.
    profiles: { default: compilers, production: compilers },
    // Interfaces of ERC-20 that no contract of ours inherits, but whose ABI the sdk needs.
    npmFilesToBuild: [
      '@openzeppelin/contracts/interfaces/draft-IERC6093.sol',
      '@openzeppelin/contracts/token/ERC20/extensions/IERC20Metadata.sol',
      '@openzeppelin/contracts/token/ERC20/extensions/IERC20Permit.sol',
    ],
  },
  networks: {
    default: { type: 'edr-simulated', chainType: 'l1', hardfork: 'osaka' },
    // Several blocks a second must not carry the chain's clock ahead of the nodes': sessions end by both.
    dev: {
      type: 'edr-simulated',
      chainType: 'l1',
      hardfork: 'osaka',
      chainId: 31337,
      allowBlocksWithSameTimestamp: true,
    },
    // Any chain behind an RPC endpoint; scripts override the address.
    remote: { type: 'http', chainType: 'l1', url: 'http://127.0.0.1:8545' },
    // A chain to deploy to for good; both are read from the environment or Hardhat's keystore, and only when it is used.
    public: {
      type: 'http',
      chainType: 'l1',
      url: configVariable('SLUICE_RPC_URL'),
      accounts: [configVariable('SLUICE_DEPLOYER_KEY')],
    },
  },
  test: { solidity: searchProfile(search) },
  paths: {
    // Mocks are listed as sources so that they get artifacts; everything else under test/contracts is a test.
    sources: { solidity: ['./contracts', './test/contracts/mocks'] },
    tests: { nodejs: './test/contracts', solidity: './test/contracts' },
  },
})
