import { parseAbiParameter } from 'viem'
import type { AbiParameter } from 'viem'
import { RunnerError } from '../../errors.ts'
import { encodeValue } from '../ethereum-encode.ts'
import { compileParameter } from '../ethereum-values.ts'
import type { Codec } from '../ethereum-values.ts'
import type { HostFunctions } from '../module.ts'
import { readText } from '../store-values.ts'

const MAX_REMEMBERED = 256
const codecs = new Map<string, Codec>()

/**
 * `ethereum.encode` and `ethereum.decode`, of one value each: graph-node, runtime/wasm/src/host_exports.rs. Data that does
 * not decode gives null. What asks the chain, as `ethereum.call`, is not here: it would make the result depend on more than
 * events, and takes an archive node to repeat.
 */
export const ETHEREUM_FUNCTIONS: HostFunctions = {
  'ethereum.encode': (heap, at = 0) => heap.writeBytes(encodeValue(heap, at)),
  'ethereum.decode': (heap, types = 0, data = 0) => {
    const codec = codecOf(readText(heap, types))
    try {
      return codec.write(heap, Buffer.from(heap.readBytes(data).buffer), 0, 0)
    } catch {
      return 0
    }
  },
}

function codecOf(type: string): Codec {
  let codec = codecs.get(type)
  if (codec === undefined) {
    codec = compileParameter(parseType(type))
    if (codecs.size >= MAX_REMEMBERED) codecs.clear()
    codecs.set(type, codec)
  }
  return codec
}

function parseType(type: string): AbiParameter {
  try {
    return parseAbiParameter(type as 'uint256')
  } catch (error) {
    throw new RunnerError('MAPPING_FAILED', `Failed to read types "${type}"`, { cause: error })
  }
}
