import type { Metadata } from 'next'
import { Suspense } from 'react'
import { CreatorRoute } from './_screens/creator-route.tsx'

export const metadata: Metadata = { title: 'Creator' }

export default function CreatorPage() {
  return (
    <Suspense>
      <CreatorRoute />
    </Suspense>
  )
}
