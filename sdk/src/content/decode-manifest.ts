import { bytesToHex } from 'viem'
import type { CID } from 'multiformats/cid'
import { SluiceError } from '../errors.ts'
import { splitBytes } from './bytes.ts'
import { DAG_CBOR, DAG_PB, RAW } from './cid.ts'
import { HASH_BYTES, KEY_BYTES, MAX_BLOCK_BYTES, MAX_SLICES, SLICE_BYTES } from './constants.ts'
import { PIECE_HASH_BYTES } from './info-hash.ts'
import { coverPositions } from './key-tree.ts'
import type { Cover } from './key-tree.ts'
import { CONTENT_KINDS, MANIFEST_FORMAT, MANIFEST_LIMITS } from './manifest.ts'
import type { ComponentFields, Manifest } from './manifest.ts'
import { sliceCountOf } from './slice-count.ts'
import { decodeMap } from './strict-cbor.ts'
import type { MapReader } from './strict-cbor.ts'

const MEDIA_TYPE = /^[a-z0-9][a-z0-9!#$&^_.+-]*\/[a-z0-9][a-z0-9!#$&^_.+-]*(;[ -~]*)?$/
/** Control and direction-override characters, which would let a name or title pass for another. */
const UNPRINTABLE = /[\p{Cc}\u200e\u200f\u202a-\u202e\u2066-\u2069]/u
const UNPRINTABLE_LINES = /[^\P{Cc}\n\t]|[\u200e\u200f\u202a-\u202e\u2066-\u2069]/u

/**
 * Reads a manifest from outside; every field is bounded and they must agree with each other.
 * @throws MANIFEST_INVALID, with a hint when the manifest is of a later format.
 */
export function decodeManifest(encoded: Uint8Array): Manifest {
  const manifest = decodeMap(encoded, MAX_BLOCK_BYTES, invalid, readManifest)
  assertConsistent(manifest)
  return manifest
}

function readManifest(reader: MapReader): Manifest {
  const format = reader.uint('format', { max: 2 ** 32 - 1 })
  if (format !== MANIFEST_FORMAT) throw unknownFormat(format)
  const sliceCount = reader.uint('sliceCount', { min: 1, max: MAX_SLICES })
  return {
    kind: reader.oneOf('kind', CONTENT_KINDS),
    access: reader.oneOf('access', ['sealed', 'open']),
    ...readDescription(reader),
    createdAt: reader.uint('createdAt', { max: 2 ** 40 }),
    byteSize: reader.uint('byteSize', { max: MAX_SLICES * SLICE_BYTES }),
    sliceCount,
    root: reader.cid('root'),
    proofRoot: reader.hex('proofRoot', HASH_BYTES),
    infoHash: reader.hex('infoHash', PIECE_HASH_BYTES),
    ...(reader.has('preview') && { preview: reader.map('preview', (preview) => readPreview(preview, sliceCount)) }),
    ...(reader.has('previous') && { previous: reader.cid('previous') }),
    ...(reader.has('thumbnail') && { thumbnail: reader.cid('thumbnail') }),
    ...(reader.has('component') && { component: reader.map('component', readComponent) }),
  }
}

function readDescription(reader: MapReader): Pick<Manifest, 'name' | 'title' | 'description' | 'mime'> {
  const name = reader.text('name', { min: 1, max: MANIFEST_LIMITS.name })
  const title = reader.text('title', { min: 1, max: MANIFEST_LIMITS.title })
  const description = reader.text('description', { max: MANIFEST_LIMITS.description })
  const mime = reader.text('mime', { min: 3, max: MANIFEST_LIMITS.mime })
  if (UNPRINTABLE.test(name) || /[/\\]/.test(name) || /^\.{1,2}$/.test(name)) throw invalid('name is not a file name')
  if (UNPRINTABLE.test(title)) throw invalid('title has unprintable characters')
  if (UNPRINTABLE_LINES.test(description)) throw invalid('description has unprintable characters')
  if (!MEDIA_TYPE.test(mime)) throw invalid('mime is not a media type')
  return { name, title, description, mime }
}

function readPreview(reader: MapReader, sliceCount: number): Cover {
  const firstSlice = reader.uint('firstSlice', { max: sliceCount - 1 })
  const lastSlice = reader.uint('lastSlice', { min: firstSlice, max: sliceCount - 1 })
  const nodeCount = coverPositions(sliceCount, firstSlice, lastSlice).length
  const nodes = splitBytes(reader.fixedBytes('nodes', nodeCount * KEY_BYTES), KEY_BYTES)
  return { sliceCount, firstSlice, lastSlice, nodes }
}

function readComponent(reader: MapReader): ComponentFields {
  const schema = reader.text('interface', { min: 2, max: MANIFEST_LIMITS.interface })
  if (!isJsonObject(schema)) throw invalid('component: interface is not a JSON object')
  return {
    cardHash: reader.hex('cardHash', HASH_BYTES),
    interface: schema,
    implementationHash: reader.hex('implementationHash', HASH_BYTES),
    dependencies: reader.list('dependencies', { max: MANIFEST_LIMITS.dependencies }, (item) => ({
      name: item.text('name', { min: 1, max: MANIFEST_LIMITS.dependencyName }),
      version: item.text('version', { min: 1, max: MANIFEST_LIMITS.versionConstraint }),
    })),
    signature: bytesToHex(reader.bytes('signature', { max: MANIFEST_LIMITS.signature })),
  }
}

function assertConsistent(manifest: Manifest): void {
  const { kind, access, byteSize, sliceCount, root, preview, component } = manifest
  if (sliceCountOf(byteSize, access) !== sliceCount) throw invalid(`${byteSize} bytes are not ${sliceCount} slices`)
  if (preview !== undefined && access === 'open') throw invalid('open content has no preview')
  if ((component !== undefined) !== (kind === 'component')) throw invalid('component fields and kind differ')
  assertCodec(root, sliceCount === 1 ? RAW : DAG_PB, 'root')
  assertCodec(manifest.previous, DAG_CBOR, 'previous')
  assertCodec(manifest.thumbnail, RAW, 'thumbnail')
}

function assertCodec(cid: CID | undefined, codec: number, name: string): void {
  if (cid !== undefined && cid.code !== codec) throw invalid(`${name} has the wrong codec`)
}

function isJsonObject(text: string): boolean {
  try {
    const value: unknown = JSON.parse(text)
    return typeof value === 'object' && value !== null && !Array.isArray(value)
  } catch {
    return false
  }
}

function invalid(reason: string): SluiceError {
  return new SluiceError('MANIFEST_INVALID', `The manifest is invalid: ${reason}.`)
}

function unknownFormat(format: number): SluiceError {
  return new SluiceError(
    'MANIFEST_INVALID',
    `The manifest has format ${format}, this program reads ${MANIFEST_FORMAT}.`,
    {
      hint: 'It was published by a later version of Sluice: update to read it.',
      details: { format },
    },
  )
}
