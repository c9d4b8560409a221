import { SluiceError } from '@sluice/sdk'
import { decodeSocialPost, encodeSocialPost, MAX_SOCIAL_POST_BYTES } from '@sluice/sdk/social'
import type { SocialPost } from '@sluice/sdk/social'

const LENGTH_BYTES = 2

/** What two nodes tell each other at once. */
export const MAX_MESSAGE_POSTS = 16
export const MAX_MESSAGE_BYTES = MAX_MESSAGE_POSTS * (LENGTH_BYTES + MAX_SOCIAL_POST_BYTES)

/** Posts as they travel, each after its length (u16, big-endian); at most 16. */
export function encodeMessage(posts: readonly SocialPost[]): Uint8Array {
  const parts = posts.map(encodeSocialPost).flatMap((post) => {
    const length = Buffer.alloc(LENGTH_BYTES)
    length.writeUInt16BE(post.length)
    return [length, post]
  })
  return Buffer.concat(parts)
}

/** @throws BAD_INPUT for anything but 1 to 16 whole posts. */
export async function decodeMessage(bytes: Uint8Array): Promise<SocialPost[]> {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength)
  const posts: Uint8Array[] = []
  for (let at = 0; at < bytes.length;) {
    if (posts.length >= MAX_MESSAGE_POSTS || at + LENGTH_BYTES > bytes.length) throw malformed()
    const end = at + LENGTH_BYTES + view.getUint16(at)
    if (end > bytes.length) throw malformed()
    posts.push(bytes.subarray(at + LENGTH_BYTES, end))
    at = end
  }
  if (posts.length === 0) throw malformed()
  return Promise.all(posts.map(decodeSocialPost))
}

function malformed(): SluiceError {
  return new SluiceError('BAD_INPUT', 'This is no message of social actions.')
}
