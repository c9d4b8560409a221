import { CopyButton } from '../../ui/copy-button.tsx'
import { cn } from '../../ui/cn.ts'

type Fact = { readonly name: string; readonly value: string | undefined; readonly copy?: boolean }

/** Names and values; identifiers can be copied. */
export function Facts({ facts, className }: { facts: readonly Fact[]; className?: string }) {
  return (
    <dl className={cn('divide-y divide-line border-y border-line text-sm', className)}>
      {facts.map(({ name, value, copy }) =>
        value === undefined ? null : (
          <div key={name} className="flex min-h-11 items-center gap-4 py-1.5">
            <dt className="w-28 shrink-0 text-quiet">{name}</dt>
            <dd className={cn('min-w-0 flex-1', copy === true ? 'truncate font-mono text-xs' : 'break-words')}>
              {value}
            </dd>
            {copy === true && (
              <dd>
                <CopyButton text={value} label={`Copy ${name.toLowerCase()}`} />
              </dd>
            )}
          </div>
        ),
      )}
    </dl>
  )
}
