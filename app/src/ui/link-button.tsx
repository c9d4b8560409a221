import Link from 'next/link'
import { Button } from './button.tsx'

/** The way to another page, where that is what to do next. */
export function LinkButton({ href, children }: { href: string; children: string }) {
  return (
    <Button asChild variant="primary">
      <Link href={href}>{children}</Link>
    </Button>
  )
}
