import { useId } from 'react'
import type { ComponentProps, ReactNode } from 'react'
import { cn } from './cn.ts'

const control =
  'w-full rounded-lg border border-line-strong bg-surface px-3 text-ink placeholder:text-quiet ' +
  'transition-colors focus:border-accent disabled:opacity-55 aria-invalid:border-bad'

type FieldProps = { label: string; hint?: ReactNode; error?: string | undefined; suffix?: ReactNode }

/** A labelled text input; the hint and the error are announced with it. */
export function TextField({ label, hint, error, suffix, className, ...props }: FieldProps & ComponentProps<'input'>) {
  const id = useId()
  return (
    <Frame id={id} label={label} hint={hint} error={error} className={className}>
      <div className="relative">
        <input
          id={id}
          className={cn(control, 'h-10', suffix !== undefined && 'pr-16')}
          aria-invalid={error !== undefined}
          aria-describedby={`${id}-note`}
          {...props}
        />
        {suffix !== undefined && (
          <span className="pointer-events-none absolute inset-y-0 right-3 flex items-center text-sm text-quiet">
            {suffix}
          </span>
        )}
      </div>
    </Frame>
  )
}

/** A labelled text area. */
export function TextArea({ label, hint, error, className, ...props }: FieldProps & ComponentProps<'textarea'>) {
  const id = useId()
  return (
    <Frame id={id} label={label} hint={hint} error={error} className={className}>
      <textarea
        id={id}
        className={cn(control, 'min-h-28 resize-y py-2')}
        aria-invalid={error !== undefined}
        aria-describedby={`${id}-note`}
        {...props}
      />
    </Frame>
  )
}

/** A labelled choice among few. */
export function SelectField({
  label,
  hint,
  error,
  className,
  children,
  ...props
}: FieldProps & ComponentProps<'select'>) {
  const id = useId()
  return (
    <Frame id={id} label={label} hint={hint} error={error} className={className}>
      <select id={id} className={cn(control, 'h-10')} aria-describedby={`${id}-note`} {...props}>
        {children}
      </select>
    </Frame>
  )
}

/** A labelled check box. */
export function CheckField({ label, hint, className, ...props }: FieldProps & ComponentProps<'input'>) {
  const id = useId()
  return (
    <div className={cn('flex items-start gap-3', className)}>
      <input
        id={id}
        type="checkbox"
        className="mt-1 size-4 shrink-0 accent-accent"
        aria-describedby={`${id}-note`}
        {...props}
      />
      <div>
        <label htmlFor={id} className="text-sm font-medium">
          {label}
        </label>
        {hint !== undefined && (
          <p id={`${id}-note`} className="text-sm text-quiet">
            {hint}
          </p>
        )}
      </div>
    </div>
  )
}

type FrameProps = FieldProps & { id: string; className?: string | undefined; children: ReactNode }

function Frame({ id, label, hint, error, className, children }: FrameProps) {
  return (
    <div className={cn('flex flex-col gap-1.5', className)}>
      <label htmlFor={id} className="block text-sm font-medium">
        {label}
      </label>
      {children}
      <p id={`${id}-note`} className={cn('text-sm empty:hidden', error === undefined ? 'text-quiet' : 'text-bad')}>
        {error ?? hint}
      </p>
    </div>
  )
}
