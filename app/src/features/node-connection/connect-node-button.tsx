'use client'

import { Server } from 'lucide-react'
import { useState } from 'react'
import { useOwnNode } from '../../web3/own-node.tsx'
import { Button } from '../../ui/button.tsx'
import { cn } from '../../ui/cn.ts'
import { ConnectNodeDialog } from './connect-node-dialog.tsx'
import { useNodeHealth } from './use-node-health.ts'

const DOTS = { absent: 'bg-line-strong', waiting: 'bg-warn', good: 'bg-good', bad: 'bg-bad' } as const

/** The state of the reader's own node, and the way to connect it. */
export function ConnectNodeButton() {
  const [open, setOpen] = useState(false)
  const { connection } = useOwnNode()
  const { tone, text } = useNodeHealth()
  return (
    <>
      <Button
        variant="quiet"
        size="icon"
        aria-label={text}
        title={text}
        className="relative"
        onClick={() => setOpen(true)}
      >
        <Server aria-hidden="true" />
        <span
          aria-hidden="true"
          className={cn('absolute right-2 bottom-2 size-2.5 rounded-full border-2 border-canvas', DOTS[tone])}
        />
      </Button>
      <ConnectNodeDialog key={connection?.url ?? 'none'} open={open} onOpenChange={setOpen} />
    </>
  )
}
