'use client'

import type { SocialWish } from '@sluice/sdk/client'
import { useState } from 'react'
import type { Explanation } from '../../web3/errors.ts'
import { explainRefusal, mayWalletSay } from './speaker.ts'
import { useSpeaker } from './use-speaker.ts'

/** What the wallet may say itself, since nobody carries it for nothing, and why. */
export type Offer = { readonly wish: SocialWish; readonly why: Explanation }

export type SocialActionState = {
  /** Whether something can be said at all: there is a wallet, and it is known how. */
  readonly possible: boolean
  /** Whether it costs nothing, as far as is known. */
  readonly free: boolean
  readonly busy: boolean
  readonly offer: Offer | undefined
  readonly failure: Explanation | undefined
  /** Resolves with whether it is on its way; where it is not, there is an offer or a failure. */
  readonly say: (wish: SocialWish) => Promise<boolean>
  readonly reset: () => void
}

/** Says things for the connected wallet: by its session where that can be, else by an offer to send a transaction. */
export function useSocialAction(): SocialActionState {
  const speaker = useSpeaker()
  const [busy, setBusy] = useState(false)
  const [offer, setOffer] = useState<Offer>()
  const [failure, setFailure] = useState<Explanation>()
  const reset = () => {
    setOffer(undefined)
    setFailure(undefined)
  }
  const say = async (wish: SocialWish): Promise<boolean> => {
    reset()
    if (busy || speaker.by === 'nobody') return false
    if (speaker.by === 'wallet') {
      setOffer({ wish, why: speaker.why })
      return false
    }
    setBusy(true)
    try {
      await speaker.outbox.say(wish)
      return true
    } catch (error) {
      const why = explainRefusal(error)
      if (mayWalletSay(error)) setOffer({ wish, why })
      else setFailure(why)
      return false
    } finally {
      setBusy(false)
    }
  }
  return { possible: speaker.by !== 'nobody', free: speaker.by === 'session', busy, offer, failure, say, reset }
}
