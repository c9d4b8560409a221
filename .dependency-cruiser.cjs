/**
 * The arrows of the house: app and node import sdk, sdk imports neither, nothing imports scripts, no cycles, no orphans.
 * @type {import('dependency-cruiser').IConfiguration}
 */
module.exports = {
  forbidden: [
    {
      name: 'no-cycles',
      comment: 'Two files that need each other are one file, or hide a third.',
      severity: 'error',
      from: {},
      to: { circular: true, viaOnly: { dependencyTypesNot: ['type-only'] } },
    },
    {
      name: 'no-orphans',
      comment: 'A file that nothing imports and that no tool starts is dead.',
      severity: 'error',
      from: {
        orphan: true,
        pathNot: [
          '\\.d\\.ts$',
          '(^|/)[^/]+\\.config\\.(js|ts|mjs)$',
          '\\.test\\.tsx?$',
          '^(scripts|ignition|test|subgraph/runner/test)/',
          '^\\.dependency-cruiser\\.cjs$',
          // Next.js finds its routes, and the browser its workers, by path.
          '^app/src/(app|sw)/',
          '^app/scripts/',
        ],
      },
      to: {},
    },
    {
      name: 'no-unresolvable',
      comment:
        'An import that leads nowhere. What the benches of other projects import is installed apart from the rest.',
      severity: 'error',
      from: { pathNot: '^bench/' },
      to: { couldNotResolve: true },
    },
    {
      name: 'errors-stand-alone',
      comment: 'Everything may throw a SluiceError, so errors.ts imports nothing.',
      severity: 'error',
      from: { path: '^sdk/src/errors\\.ts$' },
      to: {},
    },
    {
      name: 'sdk-stands-below',
      comment: 'The sdk knows neither the node nor the app.',
      severity: 'error',
      from: { path: '^sdk/' },
      to: { path: '^(node|app|subgraph|scripts)/' },
    },
    {
      name: 'sdk-is-isomorphic',
      comment: 'The sdk runs in a page: no React, no libp2p, no server.',
      severity: 'error',
      from: { path: '^sdk/src/', pathNot: '\\.test\\.ts$' },
      to: { path: 'node_modules/(react|react-dom|wagmi|next|hono|libp2p|ws|pino|@libp2p|@hono|@chainsafe)/' },
    },
    {
      name: 'sdk-uses-no-core-modules',
      comment: 'The sdk runs in a page: nothing of node:*; its tests run in Node.',
      severity: 'error',
      from: { path: '^sdk/src/', pathNot: '\\.test\\.ts$' },
      to: { dependencyTypes: ['core'] },
    },
    {
      name: 'nothing-imports-scripts',
      comment: 'But tests: they start the chain, or the whole network, of the scripts.',
      severity: 'error',
      from: { pathNot: '^(scripts|test/e2e|node/src/testing)/' },
      to: { path: '^scripts/' },
    },
    {
      name: 'features-are-islands',
      comment: 'A feature shares through ui/, web3/ or the sdk, never with another feature directly.',
      severity: 'error',
      from: { path: '^app/src/features/([^/]+)/' },
      to: { path: '^app/src/features/([^/]+)/', pathNot: '^app/src/features/$1/' },
    },
    {
      name: 'ui-is-dumb',
      comment: 'Components in ui/ know no feature, no chain and no network.',
      severity: 'error',
      from: { path: '^app/src/ui/' },
      to: { path: '^app/src/(features|web3|app)/|^(sdk|node)/' },
    },
    {
      name: 'app-imports-sdk-and-node-api-only',
      severity: 'error',
      from: { path: '^app/' },
      to: { path: '^node/', pathNot: '^node/src/api/(client|types|request|upload-sink)\\.ts$' },
    },
    {
      name: 'node-api-client-is-isomorphic',
      comment: 'The app uses the client too, so it may reach nothing of the node but its types.',
      severity: 'error',
      from: { path: '^node/src/api/(client|types|request|upload-sink)\\.ts$' },
      to: { pathNot: '^(node/src/api/(client|types|request|upload-sink)\\.ts$|sdk/src/|node_modules/)' },
    },
    {
      name: 'protocols-by-index',
      comment: 'One protocol, one folder; the others see its index only.',
      severity: 'error',
      from: { path: '^node/src/', pathNot: '^node/src/protocols/' },
      to: { path: '^node/src/protocols/[^/]+/', pathNot: '^node/src/protocols/[^/]+/index\\.ts$' },
    },
    {
      name: 'protocols-by-index-among-themselves',
      severity: 'error',
      from: { path: '^node/src/protocols/([^/]+)/' },
      to: {
        path: '^node/src/protocols/[^/]+/',
        pathNot: ['^node/src/protocols/$1/', '^node/src/protocols/[^/]+/index\\.ts$'],
      },
    },
    {
      name: 'commands-are-outermost',
      comment: 'Commands parse and exit; nothing deeper knows them.',
      severity: 'error',
      from: { path: '^node/src/', pathNot: '^node/src/commands/' },
      to: { path: '^node/src/commands/' },
    },
    {
      name: 'money-and-access-read-the-chain',
      comment: 'What pays, sells, signs, opens or serves never asks an index, which may say anything.',
      severity: 'error',
      from: {
        path: [
          '^sdk/src/(?!graph/)',
          '^node/src/(?!commands/)',
          '^node/src/commands/(buy|choose-|claim|get|sell|seed|transfer|unsell|withdraw)',
          '^app/src/sw/',
          '^app/src/features/(player|publish|session)/',
          '^app/src/features/keys/(buy-|edition-|offer-|own-offer|sell-|transfer-|use-held-)',
          '^app/src/features/earnings/(owed-section|use-owed)',
          '^app/src/web3/(client|payer-|rehearse|use-content-|use-transaction|use-wallet)',
        ],
      },
      to: { path: '^(sdk/src/graph/|node/src/commands/ask-index)' },
    },
    {
      name: 'money-in-features-takes-no-index',
      comment:
        'The same for the hook that hands out the index. What lists there are comes from a hook of its own, which reads the chain.',
      severity: 'error',
      from: {
        path: [
          '^app/src/features/(player|session)/',
          '^app/src/features/keys/(buy-|edition-|offer-|own-offer|sell-|transfer-|use-held-)',
          '^app/src/features/earnings/(owed-section|use-owed)',
        ],
      },
      to: { path: '^app/src/(web3/use-index\\.ts|features/earnings/use-income\\.ts)$' },
    },
    {
      name: 'runner-stands-alone',
      comment: 'The runner is useful without the rest: it runs any subgraph and imports nothing of this one.',
      severity: 'error',
      from: { path: '^subgraph/runner/' },
      to: { path: '^(sdk|node|app|scripts|artifacts)/' },
    },
    {
      name: 'sources-import-no-tests',
      severity: 'error',
      from: { path: '^(sdk|node|app|subgraph/runner)/src/', pathNot: '\\.test\\.tsx?$' },
      to: { path: '\\.test\\.tsx?$|^test/' },
    },
  ],
  options: {
    doNotFollow: { path: 'node_modules' },
    exclude: { path: '(^|/)(\\.next|out|public|artifacts|cache|coverage|runner/test/fixture)/' },
    tsPreCompilationDeps: true,
    tsConfig: { fileName: 'tsconfig.json' },
    enhancedResolveOptions: {
      exportsFields: ['exports'],
      conditionNames: ['import', 'node', 'types', 'default'],
      extensions: ['.ts', '.tsx', '.mjs', '.js', '.cjs', '.json', '.d.ts'],
    },
  },
}
