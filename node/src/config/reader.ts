import { SluiceError } from '@sluice/sdk'

/** One place a value may come from: an override, the environment or the file, in this order. */
type Found = { readonly value: unknown; readonly origin: string }

export type Sources = {
  readonly file: Readonly<Record<string, unknown>>
  readonly fileName: string
  readonly environment: Readonly<Record<string, string | undefined>>
  readonly overrides: Readonly<Record<string, unknown>>
}

type FieldOptions<T> = {
  readonly fallback?: T
  /** An older or shorter name in the environment, beside the derived one. */
  readonly alias?: string
}

export type Bounds = { readonly min: number; readonly max: number }

/**
 * Reads typed settings by dotted name (`chain.rpc_url`; in the environment `SLUICE_CHAIN_RPC_URL`), remembers which names
 * exist, and refuses the rest. Every refusal is BAD_INPUT and says which key, what it was and what is allowed.
 */
export function createReader(sources: Sources) {
  const known = new Set<string>()

  function find(key: string, alias?: string): Found | undefined {
    known.add(key)
    const override = lookUp(sources.overrides, key)
    if (override !== undefined) return { value: override, origin: `override ${key}` }
    for (const name of alias === undefined ? [variable(key)] : [variable(key), alias]) {
      const value = sources.environment[name]
      if (value !== undefined && value !== '') return { value, origin: name }
    }
    const value = lookUp(sources.file, key)
    return value === undefined ? undefined : { value, origin: `${key} in ${sources.fileName}` }
  }

  /** The value that `parse` makes of what was found; `allowed` completes "must be …". */
  function field<T>(
    key: string,
    allowed: string,
    parse: (value: unknown) => T | undefined,
    options: FieldOptions<T> = {},
  ): T {
    const found = find(key, options.alias)
    if (found === undefined) {
      if ('fallback' in options) return options.fallback
      throw new SluiceError('BAD_INPUT', `The setting ${key} is missing; it must be ${allowed}.`, {
        hint: `Set ${key} in the configuration file or ${options.alias ?? variable(key)} in the environment.`,
      })
    }
    const value = parse(found.value)
    if (value !== undefined) return value
    throw new SluiceError('BAD_INPUT', `${found.origin} must be ${allowed}, not ${describe(found.value)}.`)
  }

  function refuseUnknown(): void {
    for (const key of [...leaves(sources.file), ...leaves(sources.overrides)]) {
      if (known.has(key)) continue
      throw new SluiceError('BAD_INPUT', `There is no setting ${key}.`, {
        hint: `The settings are: ${[...known].sort().join(', ')}.`,
      })
    }
  }

  return {
    field,
    refuseUnknown,
    text: (key: string, options?: FieldOptions<string>) => field(key, 'a text', asText, options),
    integer: (key: string, { min, max }: Bounds, options?: FieldOptions<number>) =>
      field(key, `a whole number from ${min} to ${max}`, (value) => asInteger(value, min, max), options),
    flag: (key: string, options?: FieldOptions<boolean>) => field(key, 'true or false', asFlag, options),
    /** A list, in the environment separated by commas. */
    list: <T>(key: string, of: string, parse: (item: string) => T | undefined, options?: FieldOptions<T[]>) =>
      field(key, `a list of ${of}`, (value) => asList(value, parse), options),
  }
}

export type Reader = ReturnType<typeof createReader>

/** One of a fixed set of words. */
export function oneOf<const T extends string>(...words: T[]): (value: unknown) => T | undefined {
  return (value) => words.find((word) => word === value)
}

export function asText(value: unknown): string | undefined {
  return typeof value === 'string' && value.length > 0 && value.length <= 4096 ? value : undefined
}

function asInteger(value: unknown, min: number, max: number): number | undefined {
  const number = typeof value === 'string' && /^-?\d{1,16}$/.test(value) ? Number(value) : value
  return typeof number === 'number' && Number.isSafeInteger(number) && number >= min && number <= max
    ? number
    : undefined
}

function asFlag(value: unknown): boolean | undefined {
  if (value === true || value === 'true' || value === '1') return true
  return value === false || value === 'false' || value === '0' ? false : undefined
}

function asList<T>(value: unknown, parse: (item: string) => T | undefined): T[] | undefined {
  const items: unknown = typeof value === 'string' ? value.split(',').map((item) => item.trim()) : value
  if (!Array.isArray(items) || items.length > 256) return undefined
  const parsed: T[] = []
  for (const item of items) {
    const result = typeof item === 'string' ? parse(item) : undefined
    if (result === undefined) return undefined
    parsed.push(result)
  }
  return parsed
}

function variable(key: string): string {
  return `SLUICE_${key.replaceAll('.', '_').toUpperCase()}`
}

function describe(value: unknown): string {
  return (typeof value === 'bigint' ? String(value) : JSON.stringify(value)).slice(0, 80)
}

function isTable(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
}

function lookUp(table: Readonly<Record<string, unknown>>, key: string): unknown {
  let value: unknown = table
  for (const part of key.split('.')) value = isTable(value) && Object.hasOwn(value, part) ? value[part] : undefined
  return value
}

function leaves(table: Readonly<Record<string, unknown>>, prefix = ''): string[] {
  return Object.entries(table).flatMap(([name, value]) =>
    isTable(value) ? leaves(value, `${prefix}${name}.`) : value === undefined ? [] : [prefix + name],
  )
}
