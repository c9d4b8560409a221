'use client'

import { useQuery } from '@tanstack/react-query'
import { isSluiceError, SluiceError } from '@sluice/sdk'
import { cidOfBlockHash } from '@sluice/sdk/content'
import { encodeComment, MAX_COMMENT_LENGTH } from '@sluice/sdk/social'
import type { SocialDeed } from '@sluice/sdk/social'
import { useState } from 'react'
import type { ReactNode, SubmitEvent } from 'react'
import type { Hex } from 'viem'
import { explainNodeError } from '../../web3/errors.ts'
import type { Explanation } from '../../web3/errors.ts'
import { useOwnNode } from '../../web3/own-node.tsx'
import { TransactionCost } from '../../web3/transaction-cost.tsx'
import { useWallet } from '../../web3/use-wallet.ts'
import { Button } from '../../ui/button.tsx'
import { TextArea } from '../../ui/field.tsx'
import { Notice } from '../../ui/notice.tsx'
import { TransactionStatus } from '../../ui/transaction-status.tsx'
import { useSocialAction } from './use-social-action.ts'

type CommentFormProps = {
  contentId: Hex
  /** Digest of the comment that is answered. */
  parent: Hex | undefined
  /** The way to connect a node, for who has none connected. */
  connectNode: ReactNode
  onDone: () => void
}

/** Writes a comment: its text goes to one's own node, which others get it from, and its hash onto the chain. */
export function CommentForm(props: CommentFormProps) {
  const { status } = useWallet()
  const { client: node } = useOwnNode()
  if (status === 'disconnected') return <p className="text-sm text-quiet">Connect a wallet to comment.</p>
  if (node === undefined) {
    return (
      <div className="flex flex-wrap items-center justify-between gap-3 text-sm text-quiet">
        <p>The text of a comment is kept by your own node, which others get it from.</p>
        {props.connectNode}
      </div>
    )
  }
  return <Form {...props} />
}

function Form({ contentId, parent, onDone }: CommentFormProps) {
  const { client: node } = useOwnNode()
  const [text, setText] = useState('')
  const [failure, setFailure] = useState<Explanation>()
  const { data: block, error } = useCommentBlock(text)
  const deed: SocialDeed | undefined = block && {
    kind: 'comment',
    contentId,
    digest: block.digest,
    ...(parent && { parent }),
  }
  const { cost, state, busy, submit, possible } = useSocialAction('Comment', deed)
  const post = async (event: SubmitEvent) => {
    event.preventDefault()
    setFailure(undefined)
    try {
      if (block === undefined || node === undefined) return
      // First the text: a hash on the chain whose text nobody has says nothing.
      await node.putBlock(cidOfBlockHash(block.digest).toString(), block.bytes)
      if (!(await submit())) return
      setText('')
      onDone()
    } catch (cause) {
      setFailure(explainNodeError(cause))
    }
  }
  return (
    <form onSubmit={(event) => void post(event)} className="flex flex-col gap-3">
      <TextArea
        label={parent === undefined ? 'Your comment' : 'Your answer'}
        value={text}
        onChange={(event) => setText(event.target.value)}
        maxLength={MAX_COMMENT_LENGTH}
        error={isSluiceError(error) ? error.message : undefined}
        hint="Public, and cannot be taken back."
      />
      {deed !== undefined && <TransactionCost cost={cost.data} error={cost.error} />}
      <Button type="submit" variant="primary" className="self-end" busy={busy} disabled={!possible}>
        Comment
      </Button>
      {failure !== undefined && (
        <Notice tone="bad" title={failure.title}>
          {failure.hint}
        </Notice>
      )}
      <TransactionStatus state={state} />
    </form>
  )
}

/** The block of a text, while there is one that can be. */
function useCommentBlock(text: string) {
  const trimmed = text.trim()
  return useQuery({
    queryKey: ['comment-block', trimmed],
    queryFn: () => {
      if (trimmed === '') throw new SluiceError('BAD_INPUT', 'There is nothing to say.')
      return encodeComment(trimmed)
    },
    enabled: trimmed !== '',
    retry: false,
    staleTime: Number.POSITIVE_INFINITY,
    gcTime: 0,
  })
}
