'use client'

import type { ChannelEarnings } from '@sluice/node/api/client'
import { useFormatAmount } from '../../web3/use-token.ts'
import { Address } from '../../ui/address.tsx'
import { Badge } from '../../ui/badge.tsx'
import type { Tone } from '../../ui/badge.tsx'
import { Section } from '../../ui/card.tsx'
import { bound } from '../../ui/format.ts'
import { Progress } from '../../ui/progress.tsx'

/** The node's reasons in words; one that is not known here is shown as it came. */
const REASONS: Readonly<Record<string, string>> = {
  closed: 'Closed',
  closing: 'Closing: claim it',
  nothing: 'Nothing to collect',
  'not-worth-gas': 'Not worth the gas yet',
}

/** Each payer's channel: what it promised, what was claimed of it, and whether the rest is worth claiming. */
export function ChannelList({ channels }: { channels: readonly ChannelEarnings[] }) {
  return (
    <Section title="By channel" hint="One for each wallet that streamed from this node.">
      {channels.length === 0 && <p className="text-sm text-quiet">Nobody has opened a channel to this node yet.</p>}
      <ul className="-my-3 divide-y divide-line">
        {channels.map((channel) => (
          <ChannelRow key={channel.channelId} channel={channel} />
        ))}
      </ul>
    </Section>
  )
}

function ChannelRow({ channel }: { channel: ChannelEarnings }) {
  const { payer, token, accepted, claimed, claimable, collectable, reason } = channel
  const format = useFormatAmount(token)
  return (
    <li className="py-3">
      <div className="flex items-center justify-between gap-3 text-sm">
        <Address address={payer} />
        <span className="font-semibold tabular-nums">{format(BigInt(accepted))}</span>
      </div>
      <Progress
        className="mt-2.5"
        label="Claimed"
        value={Number(BigInt(claimed))}
        max={Math.max(1, Number(BigInt(accepted)))}
      />
      <div className="mt-2 flex flex-wrap items-center justify-between gap-x-3 gap-y-1 text-xs text-quiet">
        <span className="tabular-nums">
          {format(BigInt(claimed))} claimed, {format(BigInt(claimable))} open
        </span>
        <Badge tone={toneOf(channel)}>
          {reason === undefined
            ? collectable
              ? 'Collectable'
              : 'Nothing to collect'
            : (REASONS[reason] ?? bound(reason, 60))}
        </Badge>
      </div>
    </li>
  )
}

/** A reason on something that can be collected says that it is urgent. */
function toneOf({ collectable, reason }: ChannelEarnings): Tone {
  if (!collectable) return 'neutral'
  return reason === undefined ? 'accent' : 'bad'
}
