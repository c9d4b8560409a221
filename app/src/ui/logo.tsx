/** The mark: a gate raised between two posts, and the water that it lets through. */
export function Logo({ className }: { className?: string }) {
  return (
    <svg viewBox="0 0 32 32" fill="none" aria-hidden="true" className={className}>
      <rect width="32" height="32" rx="9" className="fill-accent" />
      <g className="stroke-on-accent" strokeWidth="2.5" strokeLinecap="round" strokeLinejoin="round">
        <path d="M9 6.5v9.5M23 6.5v9.5" />
        <path d="M6.5 20.5q2.4-2.2 4.75 0t4.75 0 4.75 0 4.75 0" />
        <path d="M9.5 25.5q1.65-1.6 3.25 0t3.25 0 3.25 0 3.25 0" opacity="0.7" />
      </g>
      <rect x="12" y="6" width="8" height="8.5" rx="2" className="fill-on-accent" />
    </svg>
  )
}
