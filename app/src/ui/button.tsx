import { cva } from 'class-variance-authority'
import type { VariantProps } from 'class-variance-authority'
import { Slot } from 'radix-ui'
import type { ComponentProps } from 'react'
import { cn } from './cn.ts'

const button = cva(
  'inline-flex shrink-0 items-center justify-center gap-2 rounded-lg font-medium whitespace-nowrap transition-colors ' +
    'disabled:cursor-not-allowed disabled:opacity-55 [&_svg]:size-4 [&_svg]:shrink-0',
  {
    variants: {
      variant: {
        primary: 'bg-accent text-on-accent hover:bg-accent-hover',
        secondary: 'border border-line bg-surface text-ink hover:border-line-strong hover:bg-sunken',
        quiet: 'text-quiet hover:bg-sunken hover:text-ink',
        danger: 'bg-bad-soft text-bad hover:brightness-95',
      },
      size: { small: 'h-8 px-3 text-sm', medium: 'h-10 px-4 text-sm', large: 'h-12 px-6 text-base', icon: 'size-10' },
    },
    defaultVariants: { variant: 'secondary', size: 'medium' },
  },
)

type ButtonProps = ComponentProps<'button'> & VariantProps<typeof button> & { asChild?: boolean; busy?: boolean }

/** A button, or with `asChild` its only child dressed as one. `busy` disables it and says so to screen readers. */
export function Button({ className, variant, size, asChild, busy, disabled, type, ...props }: ButtonProps) {
  const Component = asChild === true ? Slot.Root : 'button'
  return (
    <Component
      className={cn(button({ variant, size }), className)}
      {...(asChild === true ? {} : { type: type ?? 'button', disabled: (disabled ?? false) || (busy ?? false) })}
      aria-busy={busy}
      {...props}
    />
  )
}
