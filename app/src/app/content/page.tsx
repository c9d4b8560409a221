import type { Metadata } from 'next'
import { Suspense } from 'react'
import { ContentSkeleton } from '../../features/content-page/content-layout.tsx'
import { ContentRoute } from './_screens/content-route.tsx'

export const metadata: Metadata = { title: 'Content' }

export default function ContentPage() {
  return (
    <Suspense fallback={<ContentSkeleton />}>
      <ContentRoute />
    </Suspense>
  )
}
