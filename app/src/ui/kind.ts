import { AudioLines, Box, File, Film, Image } from 'lucide-react'
import type { LucideIcon } from 'lucide-react'

/** What a content is, in a word and a picture, by its kind and media type. */
export function describeKind(kind: string, mime = ''): { label: string; icon: LucideIcon } {
  if (kind === 'component') return { label: 'Component', icon: Box }
  if (mime.startsWith('video/')) return { label: 'Video', icon: Film }
  if (mime.startsWith('audio/')) return { label: 'Audio', icon: AudioLines }
  if (mime.startsWith('image/')) return { label: 'Image', icon: Image }
  return kind === 'media' ? { label: 'Media', icon: Film } : { label: 'File', icon: File }
}
