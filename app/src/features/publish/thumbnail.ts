const WIDTH = 960
const QUALITY = 0.82
const MAX_BYTES = 512 * 1024
const SEEK_TIMEOUT_MS = 8_000
/** Part of a film after which the default picture is taken: past the titles, before the plot. */
const FRAME_AT = 0.1
const LATEST_FRAME_S = 30

/** A default picture of a file: a frame of a video, an image itself made smaller; nothing for the rest. */
export async function makeThumbnail(file: File): Promise<Blob | undefined> {
  if (file.type.startsWith('image/')) return shrinkPicture(file)
  return file.type.startsWith('video/') ? grabFrame(file) : undefined
}

/** Draws a picture again at most 960 pixels wide, which also drops whatever else its file said (places, names). */
export async function shrinkPicture(picture: Blob): Promise<Blob | undefined> {
  const bitmap = await createImageBitmap(picture).catch(() => undefined)
  if (bitmap === undefined) return undefined
  try {
    return await draw(bitmap, bitmap.width, bitmap.height)
  } finally {
    bitmap.close()
  }
}

async function grabFrame(file: File): Promise<Blob | undefined> {
  const video = document.createElement('video')
  const url = URL.createObjectURL(file)
  video.muted = true
  video.preload = 'auto'
  video.src = url
  try {
    await happens(video, 'loadeddata')
    if (Number.isFinite(video.duration)) {
      video.currentTime = Math.min(LATEST_FRAME_S, video.duration * FRAME_AT)
      await happens(video, 'seeked')
    }
    return await draw(video, video.videoWidth, video.videoHeight)
  } catch {
    // A file that this browser cannot play simply has no default picture.
    return undefined
  } finally {
    URL.revokeObjectURL(url)
  }
}

async function draw(source: CanvasImageSource, width: number, height: number): Promise<Blob | undefined> {
  if (width === 0 || height === 0) return undefined
  const scale = Math.min(1, WIDTH / width)
  const canvas = new OffscreenCanvas(Math.round(width * scale), Math.round(height * scale))
  canvas.getContext('2d')?.drawImage(source, 0, 0, canvas.width, canvas.height)
  const blob = await canvas.convertToBlob({ type: 'image/jpeg', quality: QUALITY })
  return blob.size > MAX_BYTES ? undefined : blob
}

function happens(video: HTMLVideoElement, event: string): Promise<void> {
  const { promise, resolve, reject } = Promise.withResolvers<void>()
  const timer = setTimeout(() => reject(new Error('The video did not load in time.')), SEEK_TIMEOUT_MS)
  video.addEventListener(event, () => resolve(), { once: true })
  video.addEventListener('error', () => reject(new Error('The video cannot be read.')), { once: true })
  return promise.finally(() => clearTimeout(timer))
}
