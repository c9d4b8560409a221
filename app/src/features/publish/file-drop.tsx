'use client'

import { FileUp } from 'lucide-react'
import { useId, useState } from 'react'
import type { DragEvent } from 'react'
import { cn } from '../../ui/cn.ts'
import { formatBytes } from '../../ui/format.ts'

type FileDropProps = { file: File | undefined; onFile: (file: File) => void }

/** Takes one file, dropped or chosen. */
export function FileDrop({ file, onFile }: FileDropProps) {
  const id = useId()
  const [over, setOver] = useState(false)
  const take = (files: FileList | null | undefined) => {
    const first = files?.[0]
    if (first !== undefined) onFile(first)
  }
  const drop = (event: DragEvent) => {
    event.preventDefault()
    setOver(false)
    take(event.dataTransfer.files)
  }
  return (
    <div
      onDrop={drop}
      onDragOver={(event) => {
        event.preventDefault()
        setOver(true)
      }}
      onDragLeave={() => setOver(false)}
      className={cn(
        'relative rounded-2xl border-2 border-dashed px-6 py-10 text-center transition-colors',
        'focus-within:border-accent',
        over ? 'border-accent bg-accent-soft' : 'border-line-strong bg-surface',
      )}
    >
      <input
        id={id}
        type="file"
        onChange={(event) => take(event.target.files)}
        className="absolute inset-0 size-full cursor-pointer opacity-0"
      />
      <FileUp aria-hidden="true" className="mx-auto size-8 text-accent" strokeWidth={1.5} />
      <label htmlFor={id} className="mt-3 block font-semibold break-words">
        {file === undefined ? 'Drop a file here, or choose one' : file.name}
      </label>
      <p className="mt-1 text-sm text-quiet">
        {file === undefined
          ? 'Of any size. It is encrypted here, slice by slice; the plain file never leaves this page.'
          : `${formatBytes(file.size)}${file.type === '' ? '' : `, ${file.type}`}. Drop another to replace it.`}
      </p>
    </div>
  )
}
