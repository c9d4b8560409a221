/** Bytes of a leaf: what is stored, sent and paid as one slice. Also the UnixFS chunk and the torrent's piece. */
export const LEAF_BYTES = 262_144

/** Bytes that AES-GCM adds to a slice. */
export const TAG_BYTES = 16

/** Most plaintext in one sealed slice. */
export const SLICE_BYTES = LEAF_BYTES - TAG_BYTES

/** Children of one UnixFS node. */
export const DAG_WIDTH = 1024

/** Most slices of one content: 4 TiB. Bounds every count that comes from outside. */
export const MAX_SLICES = 2 ** 24

/** Largest block outside the slices: manifests, DAG nodes, lockboxes, thumbnails. */
export const MAX_BLOCK_BYTES = 1_048_576

/** Bytes of a content key, of a key-tree node and of a slice key. */
export const KEY_BYTES = 32

/** Bytes of a sha2-256 digest. */
export const HASH_BYTES = 32
