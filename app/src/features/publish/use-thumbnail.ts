'use client'

import { useEffect, useState } from 'react'
import { makeThumbnail, shrinkPicture } from './thumbnail.ts'

/** The picture of a publication: made from the file by default, or picked. */
export function useThumbnail(file: File | undefined) {
  const [picture, setPicture] = useState<Blob>()
  useEffect(() => {
    let current = true
    setPicture(undefined)
    if (file !== undefined) {
      void makeThumbnail(file).then((made) => {
        if (current) setPicture(made)
      })
    }
    return () => {
      current = false
    }
  }, [file])
  const pick = async (picked: File) => setPicture(await shrinkPicture(picked))
  return { picture, pick }
}
