'use client'

import { useState } from 'react'
import type { SubmitEvent } from 'react'
import { checkConnection } from '../../web3/connection.ts'
import { explainNodeError } from '../../web3/errors.ts'
import { useOwnNode } from '../../web3/own-node.tsx'
import { Button } from '../../ui/button.tsx'
import { Dialog } from '../../ui/dialog.tsx'
import { TextField } from '../../ui/field.tsx'
import { formatBytes, formatCount, shorten } from '../../ui/format.ts'
import { Notice } from '../../ui/notice.tsx'
import { Stat } from '../../ui/stat.tsx'

type ConnectNodeDialogProps = { open: boolean; onOpenChange: (open: boolean) => void }

/** Connects the reader's own node by hand, or shows the one that is connected. */
export function ConnectNodeDialog({ open, onOpenChange }: ConnectNodeDialogProps) {
  const { connection } = useOwnNode()
  return (
    <Dialog
      open={open}
      onOpenChange={onOpenChange}
      title={connection === undefined ? 'Connect your node' : 'Your node'}
      description={
        connection === undefined
          ? 'Publishing and earnings go through a node of your own. It prints its address and token when it starts.'
          : `Connected at ${connection.url}, until you close this tab.`
      }
    >
      {connection === undefined ? <ConnectForm onDone={() => onOpenChange(false)} /> : <Connected />}
    </Dialog>
  )
}

function ConnectForm({ onDone }: { onDone: () => void }) {
  const { connect } = useOwnNode()
  const [url, setUrl] = useState('http://127.0.0.1:')
  const [token, setToken] = useState('')
  const [wrong, setWrong] = useState(false)
  const submit = (event: SubmitEvent) => {
    event.preventDefault()
    const connection = checkConnection(url, token)
    setWrong(connection === undefined)
    if (connection === undefined) return
    connect(connection)
    onDone()
  }
  return (
    <form onSubmit={submit} className="space-y-4">
      <TextField label="Address of its API" value={url} onChange={(event) => setUrl(event.target.value)} autoFocus />
      <TextField
        label="Token"
        type="password"
        autoComplete="off"
        value={token}
        onChange={(event) => setToken(event.target.value)}
        hint="Kept in this tab only, and sent to that address only."
        error={wrong ? 'An address on this machine or with https, and the token as it was printed.' : undefined}
      />
      <Button type="submit" variant="primary" className="w-full">
        Connect
      </Button>
    </form>
  )
}

function Connected() {
  const { status, error, disconnect } = useOwnNode()
  return (
    <div className="space-y-5">
      {error !== null && (
        <Notice tone="bad" title={explainNodeError(error).title}>
          {explainNodeError(error).hint}
        </Notice>
      )}
      {status !== undefined && (
        <dl className="grid grid-cols-2 gap-4">
          <Stat label="Name">{status.name}</Stat>
          <Stat label="Version">{status.version}</Stat>
          <Stat label="Peer id">
            <span className="font-mono text-sm">{shorten(status.peerId, 8, 6)}</span>
          </Stat>
          <Stat label="Peers">{status.peers}</Stat>
          <Stat label="Contents">{formatCount(status.contents, 'content')}</Stat>
          <Stat label="On disk">{formatBytes(status.storage.used)}</Stat>
        </dl>
      )}
      <Button className="w-full" onClick={disconnect}>
        Disconnect
      </Button>
    </div>
  )
}
