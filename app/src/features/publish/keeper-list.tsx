'use client'

import type { KeeperInfo } from '@sluice/sdk/client'
import { ErrorNotice } from '../../web3/error-notice.tsx'
import { Section } from '../../ui/card.tsx'
import { SelectField } from '../../ui/field.tsx'
import { shorten } from '../../ui/format.ts'
import { Notice } from '../../ui/notice.tsx'
import { SkeletonText } from '../../ui/skeleton.tsx'

type KeeperListProps = {
  keepers: readonly KeeperInfo[] | undefined
  error: Error | null
  threshold: number
  onThreshold: (threshold: number) => void
}

/** Who will release the content key to whoever holds the token, and how many of them it takes. */
export function KeeperList({ keepers, error, threshold, onThreshold }: KeeperListProps) {
  return (
    <Section title="Keepers" hint="Each gets a share of the key, sealed to it. They release it to whoever holds a key.">
      {error !== null && <ErrorNotice error={error} />}
      {keepers === undefined && error === null && <SkeletonText lines={3} />}
      {keepers?.length === 0 && (
        <Notice tone="warn" title="No keeper answers">
          Start a node with the keeper role, or wait until one is found.
        </Notice>
      )}
      {keepers !== undefined && keepers.length > 0 && (
        <>
          <ul className="space-y-1.5 text-sm">
            {keepers.map(({ peerId }) => (
              <li key={peerId} className="flex items-center gap-2">
                <span aria-hidden="true" className="size-2 rounded-full bg-good" />
                <span className="truncate font-mono text-xs" title={peerId}>
                  {shorten(peerId, 12, 8)}
                </span>
              </li>
            ))}
          </ul>
          <SelectField
            label="Needed to open"
            className="mt-4"
            value={threshold}
            onChange={(event) => onThreshold(Number(event.target.value))}
            hint={`${String(threshold)} that collude could open it without a key; ${String(keepers.length - threshold)} may be offline.`}
          >
            {keepers.map((keeper, index) => (
              <option key={keeper.peerId} value={index + 1}>
                {index + 1} of {keepers.length}
              </option>
            ))}
          </SelectField>
        </>
      )}
    </Section>
  )
}
