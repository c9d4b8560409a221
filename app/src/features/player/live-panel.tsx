'use client'

import { SLICE_BYTES } from '@sluice/sdk/content'
import { Download, Square } from 'lucide-react'
import type { Address } from 'viem'
import { useFormatAmount } from '../../web3/use-token.ts'
import { Button } from '../../ui/button.tsx'
import { Section } from '../../ui/card.tsx'
import { formatBytes, formatCount, formatRate, formatSpan, shorten } from '../../ui/format.ts'
import { Identicon } from '../../ui/identicon.tsx'
import { Progress } from '../../ui/progress.tsx'
import { Stat } from '../../ui/stat.tsx'
import type { SourceReport, TransferReport } from '../../web3/client.ts'
import type { Playing } from './use-playback.ts'

type LivePanelProps = {
  playing: Playing
  report: TransferReport
  token: Address
  /** What is left to spend, in base units; undefined where nothing is paid. */
  budget: bigint | undefined
  /** Seconds, once the player knows. */
  duration: number | undefined
  onStop: () => void
}

/** What is fetched, from whom, and what each of them was paid. */
export function LivePanel({ playing, report, token, budget, duration, onStop }: LivePanelProps) {
  const format = useFormatAmount(token)
  const rate = report.sources.reduce((sum, source) => sum + source.rate, 0)
  const { sliceCount: slices, byteSize } = playing.content
  return (
    <Section title="Live" hint="Everything here is decrypted and verified on this device.">
      <Progress label="Fetched" value={Math.min(report.slices, slices)} max={slices} />
      <dl className="mt-4 grid grid-cols-2 gap-4">
        <Stat label="Slices" hint={`of ${formatCount(slices, 'slice')}`}>
          {Math.min(report.slices, slices)}
        </Stat>
        <Stat label="Received" hint={formatRate(rate)}>
          {formatBytes(report.bytes)}
        </Stat>
        <Stat label="Paid" hint={report.free > 0 ? `${formatCount(report.free, 'slice')} for nothing` : undefined}>
          {format(report.paid)}
        </Stat>
        {budget !== undefined && (
          <Stat label="Budget left" hint={describeRest(budget, report, byteSize, duration)}>
            {format(budget)}
          </Stat>
        )}
      </dl>
      <h3 className="mt-6 text-sm font-semibold">{formatCount(report.sources.length, 'source')}</h3>
      <ul className="mt-2 divide-y divide-line">
        {report.sources.map((source) => (
          <SourceRow key={source.peerId} source={source} format={format} />
        ))}
      </ul>
      {report.sources.length === 0 && <p className="mt-1 text-sm text-quiet">Looking for seeders that hold a copy.</p>}
      <div className="mt-6 flex gap-2">
        <Button asChild className="flex-1">
          <a href={playing.saveUrl}>
            <Download aria-hidden="true" />
            Save
          </a>
        </Button>
        <Button className="flex-1" onClick={onStop}>
          <Square aria-hidden="true" />
          Stop
        </Button>
      </div>
    </Section>
  )
}

function SourceRow({ source, format }: { source: SourceReport; format: (amount: bigint) => string }) {
  return (
    <li className="flex items-center gap-3 py-2.5 text-sm">
      <Identicon address={toDigits(source.peerId)} size={24} />
      <div className="min-w-0 flex-1">
        <p className="truncate font-mono text-xs" title={source.peerId}>
          {shorten(source.peerId, 8, 6)}
        </p>
        <p className="text-xs text-quiet tabular-nums">
          {formatCount(source.slices, 'slice')}
          {source.free > 0 && `, ${String(source.free)} for nothing`}, {formatRate(source.rate)}
        </p>
      </div>
      <span className="font-medium tabular-nums">{source.paid === 0n ? 'free' : format(source.paid)}</span>
    </li>
  )
}

/** How far the rest of the budget goes at the price paid so far. */
function describeRest(budget: bigint, report: TransferReport, size: number, duration: number | undefined): string {
  if (report.paid === 0n || report.slices === 0) return ''
  const slices = (budget * BigInt(report.slices - report.free)) / report.paid
  if (duration === undefined || !Number.isFinite(duration)) return `about ${formatCount(slices, 'slice')}`
  const seconds = (Number(slices) * SLICE_BYTES * duration) / size
  return `about ${formatSpan(seconds)} of playing`
}

/** A peer id's characters as hexadecimal digits, which is what an identicon is drawn from. */
function toDigits(peerId: string): string {
  return Array.from(peerId.slice(-12), (character) => (character.codePointAt(0) ?? 0).toString(16)).join('')
}
