import { FileQuestion } from 'lucide-react'
import { EmptyState } from '../ui/empty-state.tsx'
import { LinkButton } from '../ui/link-button.tsx'

export default function NotFound() {
  return (
    <EmptyState
      icon={FileQuestion}
      title="There is no such page"
      action={<LinkButton href="/">Back to Discover</LinkButton>}
    >
      The address may have been cut short when it was copied.
    </EmptyState>
  )
}
