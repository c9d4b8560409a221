import { MANIFEST_LIMITS, MAX_PREVIEW_PERCENT } from '@sluice/sdk/content'
import { NATIVE_TOKEN, TO_THE_END } from '@sluice/sdk/chain'
import type { ContentKind, EditionTerms } from '@sluice/sdk/chain'
import { parseUnits } from 'viem'

/** The publish form as it is typed. */
export type Draft = {
  readonly title: string
  readonly description: string
  readonly access: 'sealed' | 'open'
  readonly price: string
  /** How much of the start anyone may open, per cent; empty for nothing. */
  readonly preview: string
  /** Empty for no limit. */
  readonly supply: string
  /** Per cent. */
  readonly royalty: string
  readonly transferable: boolean
}

export const EMPTY_DRAFT: Draft = {
  title: '',
  description: '',
  access: 'sealed',
  price: '0.001',
  preview: '',
  supply: '',
  royalty: '5',
  transferable: true,
}

export type DraftErrors = Partial<Record<keyof Draft, string>>

const UINT96_MAX = 2n ** 96n - 1n
const UINT64_MAX = 2n ** 64n - 1n
const MAX_ROYALTY_PERCENT = 50
const COIN_DECIMALS = 18

/** What is wrong with a draft, field by field; empty when nothing is. */
export function checkDraft(draft: Draft): DraftErrors {
  const errors: DraftErrors = {}
  if (draft.title.trim() === '') errors.title = 'Give it a title.'
  if (draft.title.length > MANIFEST_LIMITS.title) errors.title = `At most ${String(MANIFEST_LIMITS.title)} characters.`
  if (draft.description.length > MANIFEST_LIMITS.description) {
    errors.description = `At most ${String(MANIFEST_LIMITS.description)} characters.`
  }
  if (draft.access === 'open') return errors
  if (parsePrice(draft.price) === undefined) errors.price = 'An amount such as 0.001; 0 gives keys away.'
  if (parsePreview(draft.preview) === undefined) {
    errors.preview = `A whole number up to ${String(MAX_PREVIEW_PERCENT)}, or nothing.`
  }
  if (parseSupply(draft.supply) === undefined) errors.supply = 'A whole number, or nothing for no limit.'
  if (parseRoyalty(draft.royalty) === undefined) errors.royalty = `From 0 to ${String(MAX_ROYALTY_PERCENT)} per cent.`
  return errors
}

/** The terms of the one edition that the form makes; undefined while the draft is wrong. */
export function draftTerms(draft: Draft): EditionTerms | undefined {
  const [price, maxSupply, royaltyBps] = [
    parsePrice(draft.price),
    parseSupply(draft.supply),
    parseRoyalty(draft.royalty),
  ]
  if (price === undefined || maxSupply === undefined || royaltyBps === undefined) return undefined
  return {
    price,
    token: NATIVE_TOKEN,
    maxSupply,
    firstSlice: 0,
    lastSlice: TO_THE_END,
    // Offered once a new version's keys can be dealt to those who hold an older one.
    laterVersions: false,
    duration: 0,
    royaltyBps: draft.transferable ? royaltyBps : 0,
    referralBps: 0,
    transferable: draft.transferable,
    payouts: [],
  }
}

/** What a file is, as the registry sorts it; components are published by the command line, with their card. */
export function kindOf(mime: string): ContentKind {
  return /^(video|audio|image)\//u.test(mime) ? 'media' : 'file'
}

/** A media type that a manifest accepts, whatever the browser made of the file. */
export function mimeOf(type: string): string {
  const bare = type.toLowerCase().split(';')[0]?.trim() ?? ''
  return /^[a-z0-9][a-z0-9!#$&^_.+-]*\/[a-z0-9][a-z0-9!#$&^_.+-]*$/u.test(bare) ? bare : 'application/octet-stream'
}

/** A title to start with, from a file's name. */
export function titleOf(fileName: string): string {
  return fileName
    .replace(/\.[^.]{1,8}$/u, '')
    .replaceAll(/[_-]+/gu, ' ')
    .trim()
}

/** Per cent of the start that anyone may open; undefined while the draft is wrong. */
export function parsePreview(text: string): number | undefined {
  if (!/^\d{0,2}$/u.test(text.trim())) return undefined
  const percent = Number(text.trim())
  return percent > MAX_PREVIEW_PERCENT ? undefined : percent
}

function parsePrice(text: string): bigint | undefined {
  if (!/^\d{1,12}(\.\d{1,18})?$/u.test(text.trim())) return undefined
  const price = parseUnits(text.trim(), COIN_DECIMALS)
  return price > UINT96_MAX ? undefined : price
}

function parseSupply(text: string): bigint | undefined {
  if (text.trim() === '') return 0n
  if (!/^[1-9]\d{0,19}$/u.test(text.trim())) return undefined
  const supply = BigInt(text.trim())
  return supply > UINT64_MAX ? undefined : supply
}

function parseRoyalty(text: string): number | undefined {
  if (!/^\d{1,2}(\.\d{1,2})?$/u.test(text.trim())) return undefined
  const percent = Number(text.trim())
  return percent > MAX_ROYALTY_PERCENT ? undefined : Math.round(percent * 100)
}
