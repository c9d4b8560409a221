/** The mark: a raised gate, and slices flowing under it. */
export function Logo({ className }: { className?: string }) {
  return (
    <svg viewBox="0 0 32 32" fill="none" aria-hidden="true" className={className}>
      <rect width="32" height="32" rx="9" className="fill-accent" />
      <g className="stroke-on-accent" strokeWidth="2.25" strokeLinecap="round">
        <path d="M8.5 7.5v17M23.5 7.5v17" />
        <path d="M12.5 20.5h3.5M19 20.5h.5M12.5 24.5h.5M16 24.5h3.5" />
      </g>
      <rect x="12" y="7" width="8" height="9" rx="1.75" className="fill-on-accent" />
    </svg>
  )
}
