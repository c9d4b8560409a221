/** Picture types that are shown as pictures; SVG is not among them, since it can carry script. */
export type PictureType = 'image/png' | 'image/jpeg' | 'image/gif' | 'image/webp' | 'image/avif'

/** Magic numbers, as byte values at an offset. */
const SIGNATURES: readonly { type: PictureType; at: number; text: string }[] = [
  { type: 'image/png', at: 0, text: '\x89PNG\r\n\x1a\n' },
  { type: 'image/jpeg', at: 0, text: '\xff\xd8\xff' },
  { type: 'image/gif', at: 0, text: 'GIF8' },
  { type: 'image/webp', at: 8, text: 'WEBP' },
  { type: 'image/avif', at: 4, text: 'ftypavif' },
]

/** What kind of picture the bytes are, by their first bytes and never by what their maker says; undefined if none. */
export function sniffPicture(bytes: Uint8Array): PictureType | undefined {
  const matches = ({ at, text }: { at: number; text: string }) =>
    Array.from(text).every((character, index) => bytes[at + index] === character.charCodeAt(0))
  return SIGNATURES.find(matches)?.type
}
