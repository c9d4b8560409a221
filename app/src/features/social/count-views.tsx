'use client'

import { CheckField } from '../../ui/field.tsx'
import { useViewsSetting } from './views-setting.ts'

/** Lets the reader keep to itself what it watches. */
export function CountViews({ className }: { className?: string }) {
  const { counts, choose } = useViewsSetting()
  return (
    <CheckField
      label="Count what I watch as views"
      hint="One per content and day, for nothing. Which wallet saw what is public, on the chain."
      className={className}
      checked={counts}
      onChange={(event) => choose(event.target.checked)}
    />
  )
}
