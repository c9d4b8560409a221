import { createPenaltyBook, parsePenalties } from '@sluice/sdk/client'
import type { PenaltyBook } from '@sluice/sdk/client'

const STORAGE_KEY = 'sluice-penalties'

let book: PenaltyBook | undefined

/** What sources did to this browser, whichever content it was: one book for all pages of this origin, kept across visits. */
export function pagePenalties(storage: () => Storage = () => localStorage): PenaltyBook {
  book ??= openPenaltyBook(storage)
  return book
}

/** A browser that keeps nothing still remembers while the page is open. */
export function openPenaltyBook(storage: () => Storage): PenaltyBook {
  return createPenaltyBook({
    store: {
      load: () => {
        try {
          return parsePenalties(JSON.parse(storage().getItem(STORAGE_KEY) ?? '[]'))
        } catch {
          return []
        }
      },
      save: (penalties) => {
        try {
          storage().setItem(STORAGE_KEY, JSON.stringify([...penalties]))
        } catch {
          return
        }
      },
    },
  })
}
