'use client'

import { Monitor, Moon, Sun } from 'lucide-react'
import { Button } from '../../ui/button.tsx'
import { useTheme } from '../../ui/theme.ts'
import type { ThemeChoice } from '../../ui/theme.ts'

const NEXT: Readonly<Record<ThemeChoice, ThemeChoice>> = { system: 'light', light: 'dark', dark: 'system' }
const ICONS = { system: Monitor, light: Sun, dark: Moon } as const

export function ThemeToggle() {
  const { choice, choose } = useTheme()
  const Icon = ICONS[choice]
  return (
    <Button
      variant="quiet"
      size="icon"
      aria-label={`Theme: ${choice}. Change to ${NEXT[choice]}.`}
      title={`Theme: ${choice}`}
      onClick={() => choose(NEXT[choice])}
    >
      <Icon aria-hidden="true" />
    </Button>
  )
}
