import { concatBytes } from '@noble/hashes/utils.js'
import { decodeManifest } from './decode-manifest.ts'
import { MANIFEST_FORMAT } from './manifest.ts'
import type { ComponentFields, Manifest } from './manifest.ts'
import type { Cover } from './key-tree.ts'
import { encodeMap, hexField } from './strict-cbor.ts'

/**
 * The canonical dag-cbor of a manifest.
 * @throws MANIFEST_INVALID when a reader would refuse it.
 */
export function encodeManifest(manifest: Manifest): Uint8Array {
  const { proofRoot, infoHash, preview, component, ...plain } = manifest
  const encoded = encodeMap({
    ...plain,
    format: MANIFEST_FORMAT,
    proofRoot: hexField(proofRoot),
    infoHash: hexField(infoHash),
    preview: preview && previewFields(preview),
    component: component && componentFields(component),
  })
  decodeManifest(encoded)
  return encoded
}

function previewFields({ firstSlice, lastSlice, nodes }: Cover): Record<string, unknown> {
  return { firstSlice, lastSlice, nodes: concatBytes(...nodes) }
}

function componentFields(component: ComponentFields): Record<string, unknown> {
  return {
    ...component,
    cardHash: hexField(component.cardHash),
    implementationHash: hexField(component.implementationHash),
    signature: hexField(component.signature),
    dependencies: component.dependencies.map(({ name, version }) => ({ name, version })),
  }
}
