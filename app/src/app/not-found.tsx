import { FileQuestion } from 'lucide-react'
import Link from 'next/link'
import { Button } from '../ui/button.tsx'
import { EmptyState } from '../ui/empty-state.tsx'

export default function NotFound() {
  return (
    <EmptyState
      icon={FileQuestion}
      title="There is no such page"
      action={
        <Button asChild variant="primary">
          <Link href="/">Back to Discover</Link>
        </Button>
      }
    >
      The address may have been cut short when it was copied.
    </EmptyState>
  )
}
