import type { HookContext, SolidityHooks, TestHooks } from 'hardhat/types/hooks'
import type { HardhatPlugin } from 'hardhat/types/plugins'
import config from '../../hardhat.config.ts'
import { isMeasured, markBranches } from './mark-branches.ts'

type Next = (context: HookContext, name: string, path: string, content: string, version: string) => Promise<string>

const solidity: Partial<SolidityHooks> = {
  // Runs before Hardhat's own handler, which then finds the marks as statements.
  // eslint-disable-next-line @typescript-eslint/no-deprecated -- The pinned version has no other place to do it.
  preprocessProjectFileBeforeBuilding: (context, name, path, content, version, next: Next) =>
    next(context, name, path, isMeasured(name) ? markBranches(content).source : content, version),
}

const test: Partial<TestHooks> = {
  // Instead of Hardhat's own report, which looks for the marks in the files as they are.
  onTestRunDone: async () => undefined,
}

const branchCoverage: HardhatPlugin = {
  id: 'sluice-branch-coverage',
  hookHandlers: {
    solidity: async () => ({ default: async () => solidity }),
    test: async () => ({ default: async () => test }),
  },
}

/** The project's configuration, with the outcomes of conditions made visible to `--coverage`. */
export default {
  ...config,
  plugins: [...(config.plugins ?? []), branchCoverage],
  // Marked contracts must not be taken for the real ones afterwards.
  paths: { ...config.paths, artifacts: 'coverage/artifacts', cache: 'coverage/cache' },
}
