'use client'

import { isSluiceError } from '@sluice/sdk'
import { MAX_COMMENT_LENGTH } from '@sluice/sdk/social'
import type { ReactNode, SubmitEvent } from 'react'
import type { Hex } from 'viem'
import { useWallet } from '../../web3/use-wallet.ts'
import { Button } from '../../ui/button.tsx'
import { TextArea } from '../../ui/field.tsx'
import { FailureNotice } from './failure-notice.tsx'
import { useCommentBlock } from './use-deed.ts'
import { useDraft } from './use-draft.ts'
import { useSocialAction } from './use-social-action.ts'
import { WalletOffer } from './wallet-offer.tsx'

type CommentFormProps = {
  contentId: Hex
  /** Digest of the comment that is answered. */
  parent: Hex | undefined
  /** Whether to write in it at once. */
  autoFocus: boolean
  /** The way to connect a node, for whose wallet has to send a comment itself. */
  connectNode: ReactNode
  onDone: () => void
}

/** Writes a comment. What was typed stays until it is on its way. */
export function CommentForm(props: CommentFormProps) {
  const { status } = useWallet()
  if (status === 'disconnected') return <p className="text-sm text-quiet">Connect a wallet to comment.</p>
  return <Form {...props} />
}

function Form(props: CommentFormProps) {
  const { parent, autoFocus, connectNode } = props
  const { draft, write, problem, sayable, action, post, finish } = useComment(props)
  const { failure, offer } = action
  return (
    <div className="flex flex-col gap-4">
      <form onSubmit={(event) => void post(event)} className="flex flex-col gap-3">
        <TextArea
          label={parent === undefined ? 'Your comment' : 'Your answer'}
          value={draft}
          autoFocus={autoFocus}
          readOnly={action.busy}
          onChange={(event) => write(event.target.value)}
          maxLength={MAX_COMMENT_LENGTH}
          error={problem}
          hint="Public, and cannot be taken back."
        />
        <Button type="submit" variant="primary" className="self-end" busy={action.busy} disabled={!sayable}>
          Comment
        </Button>
        <FailureNotice failure={failure} />
      </form>
      {offer !== undefined && (
        <WalletOffer
          offer={offer}
          what="Comment"
          label="Send it with the wallet"
          connectNode={connectNode}
          onDone={finish}
        />
      )}
    </div>
  )
}

/** A comment from its first letter until it is on its way. */
function useComment({ contentId, parent, onDone }: CommentFormProps) {
  const [draft, setDraft] = useDraft(draftKey(contentId, parent))
  const text = draft.trim()
  const { data: block, error } = useCommentBlock(text)
  const action = useSocialAction()
  const write = (next: string) => {
    // What is offered is what was typed by then.
    action.reset()
    setDraft(next)
  }
  const finish = () => {
    write('')
    onDone()
  }
  const post = async (event: SubmitEvent) => {
    event.preventDefault()
    if (await action.say({ kind: 'comment', contentId, text, parent })) finish()
  }
  const problem = isSluiceError(error) ? error.message : undefined
  return { draft, write, problem, sayable: action.possible && block !== undefined, action, post, finish }
}

/** What a text is kept under while it is being written. */
export function draftKey(contentId: Hex, parent: Hex | undefined): string {
  return `${contentId} ${parent ?? ''}`
}
