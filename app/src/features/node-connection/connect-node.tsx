'use client'

import { useState } from 'react'
import { Button } from '../../ui/button.tsx'
import { ConnectNodeDialog } from './connect-node-dialog.tsx'

/** The way to connect a node, for pages that need one. */
export function ConnectNode() {
  const [open, setOpen] = useState(false)
  return (
    <>
      <Button variant="primary" onClick={() => setOpen(true)}>
        Connect your node
      </Button>
      <ConnectNodeDialog open={open} onOpenChange={setOpen} />
    </>
  )
}
