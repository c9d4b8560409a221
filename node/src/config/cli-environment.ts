import { SluiceError } from '@sluice/sdk'

/** Which node and which wallet the command line speaks for. */
export type CliEnvironment = {
  readonly apiUrl: string
  readonly apiToken: string
  /** The node's own RPC unless given. */
  readonly rpcUrl?: string
  /** The index that the node names unless given. */
  readonly indexUrl?: string
  /** Hex; never printed. */
  readonly privateKey?: string
  readonly keystore?: { readonly path: string; readonly passphrase: string }
}

const DEFAULT_API_URL = 'http://127.0.0.1:4004'

/**
 * Reads `SLUICE_API_URL`, `SLUICE_API_TOKEN`, `SLUICE_RPC_URL`, `SLUICE_INDEX_URL`, and `SLUICE_PRIVATE_KEY` or
 * `SLUICE_KEYSTORE` with `SLUICE_PASSPHRASE`. Throws BAD_INPUT for what is missing or malformed.
 */
export function readCliEnvironment(
  environment: Readonly<Record<string, string | undefined>> = process.env,
): CliEnvironment {
  const { SLUICE_API_URL, SLUICE_API_TOKEN, SLUICE_PRIVATE_KEY } = environment
  if (SLUICE_API_TOKEN === undefined || SLUICE_API_TOKEN === '') {
    throw new SluiceError('UNAUTHORIZED', 'SLUICE_API_TOKEN is not set.', {
      hint: 'On the dev network: source .sluice/consumer.env. Else it is in admin.token in the node’s data directory.',
    })
  }
  return {
    apiUrl: httpUrl('SLUICE_API_URL', SLUICE_API_URL ?? DEFAULT_API_URL),
    apiToken: SLUICE_API_TOKEN,
    ...readUrls(environment),
    ...(SLUICE_PRIVATE_KEY === undefined ? {} : { privateKey: SLUICE_PRIVATE_KEY }),
    ...readKeystore(environment),
  }
}

/** What the command line otherwise asks its node for. */
function readUrls(
  environment: Readonly<Record<string, string | undefined>>,
): Pick<CliEnvironment, 'rpcUrl' | 'indexUrl'> {
  const { SLUICE_RPC_URL, SLUICE_INDEX_URL } = environment
  return {
    ...(SLUICE_RPC_URL === undefined ? {} : { rpcUrl: httpUrl('SLUICE_RPC_URL', SLUICE_RPC_URL) }),
    ...(SLUICE_INDEX_URL === undefined ? {} : { indexUrl: httpUrl('SLUICE_INDEX_URL', SLUICE_INDEX_URL) }),
  }
}

function readKeystore(environment: Readonly<Record<string, string | undefined>>): Pick<CliEnvironment, 'keystore'> {
  const { SLUICE_KEYSTORE: path, SLUICE_PASSPHRASE: passphrase } = environment
  if (path === undefined) return {}
  if (passphrase !== undefined) return { keystore: { path, passphrase } }
  throw new SluiceError('KEYSTORE_LOCKED', 'SLUICE_KEYSTORE is set, but SLUICE_PASSPHRASE is not.')
}

function httpUrl(name: string, value: string): string {
  const url = URL.parse(value)
  if (url !== null && ['http:', 'https:'].includes(url.protocol)) return value
  throw new SluiceError('BAD_INPUT', `${name} must be an http(s) URL, not "${value.slice(0, 80)}".`)
}
