import { CheckField, TextField } from '../../ui/field.tsx'
import { chainOf } from '../../web3/chains.ts'
import { useOrigin } from '../../web3/origin-provider.tsx'
import type { Draft, DraftErrors } from './draft.ts'

type SaleFieldsProps = { draft: Draft; errors: DraftErrors; onChange: (part: Partial<Draft>) => void }

/** What a key costs and allows. */
export function SaleFields({ draft, errors, onChange }: SaleFieldsProps) {
  const { symbol } = chainOf(useOrigin()).nativeCurrency
  return (
    <div className="mt-5 space-y-4">
      <TextField
        label="Price of a key"
        inputMode="decimal"
        suffix={symbol}
        value={draft.price}
        onChange={(event) => onChange({ price: event.target.value })}
        error={errors.price}
      />
      <TextField
        label="Number of keys"
        inputMode="numeric"
        placeholder="Unlimited"
        value={draft.supply}
        onChange={(event) => onChange({ supply: event.target.value })}
        error={errors.supply}
      />
      <TextField
        label="Free preview"
        inputMode="numeric"
        placeholder="None"
        suffix="%"
        hint="How much of its start anyone may open without a key."
        value={draft.preview}
        onChange={(event) => onChange({ preview: event.target.value })}
        error={errors.preview}
      />
      <CheckField
        label="Keys may be resold"
        checked={draft.transferable}
        onChange={(event) => onChange({ transferable: event.target.checked })}
      />
      {draft.transferable && (
        <TextField
          label="Your royalty on resale"
          inputMode="decimal"
          suffix="%"
          value={draft.royalty}
          onChange={(event) => onChange({ royalty: event.target.value })}
          error={errors.royalty}
        />
      )}
    </div>
  )
}
