'use client'

import { ImagePlus } from 'lucide-react'
import { useId } from 'react'
import { useBlobUrl } from '../../web3/use-content-data.ts'

type ThumbnailFieldProps = { picture: Blob | undefined; onPick: (picked: File) => void }

/** The picture that stands for the work: public, drawn again here so that nothing hidden in it travels. */
export function ThumbnailField({ picture, onPick }: ThumbnailFieldProps) {
  const id = useId()
  const url = useBlobUrl(picture)
  return (
    <div className="flex items-center gap-4">
      <div className="flex aspect-video w-36 shrink-0 items-center justify-center overflow-hidden rounded-xl bg-sunken text-quiet">
        {url === undefined ? (
          <ImagePlus aria-hidden="true" className="size-6" />
        ) : (
          <img src={url} alt="" className="size-full object-cover" />
        )}
      </div>
      <div className="min-w-0 text-sm">
        <label htmlFor={id} className="font-medium">
          Picture
        </label>
        <p className="mb-2 text-quiet">Of a video or an image it is made by itself.</p>
        <input
          id={id}
          type="file"
          accept="image/png,image/jpeg,image/webp,image/avif,image/gif"
          onChange={(event) => {
            const [picked] = event.target.files ?? []
            if (picked !== undefined) onPick(picked)
          }}
          className="block w-full text-quiet file:mr-3 file:h-8 file:cursor-pointer file:rounded-lg file:border file:border-solid file:border-line file:bg-surface file:px-3 file:font-medium file:text-ink hover:file:border-line-strong"
        />
      </div>
    </div>
  )
}
