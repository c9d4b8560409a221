/** What is used here of Ponder, which the root does not install: the bench has to compile without it. */

declare module 'ponder' {
  import type { Hex } from 'viem'

  /** A column whose values are `T`, null included while it may be. */
  export type Column<T> = {
    readonly data: T
    primaryKey(): Column<NonNullable<T>>
    notNull(): Column<NonNullable<T>>
    array(): Column<NonNullable<T>[] | null>
  }
  type ColumnTypes = {
    hex(): Column<Hex | null>
    text(): Column<string | null>
    integer(): Column<number | null>
    int8(options: { readonly mode: 'number' }): Column<number | null>
    bigint(): Column<bigint | null>
    boolean(): Column<boolean | null>
  }
  export type Table<Row> = { readonly $inferSelect: Row }
  type Rows<Columns> = { [Name in keyof Columns]: Columns[Name] extends Column<infer T> ? T : never }

  export function onchainTable<Columns>(name: string, columns: (types: ColumnTypes) => Columns): Table<Rows<Columns>>
  export function createConfig(config: object): unknown
}

declare module 'ponder:registry' {
  import type * as abis from '@sluice/sdk/chain'
  import type { Table } from 'ponder'
  import type { ContractEventName, GetEventArgs, Hex } from 'viem'

  type Abis = {
    MetaHashRegistry: typeof abis.metaHashRegistryAbi
    ContentKeys: typeof abis.contentKeysAbi
    KeyMarket: typeof abis.keyMarketAbi
    SliceChannels: typeof abis.sliceChannelsAbi
    NodeRegistry: typeof abis.nodeRegistryAbi
    SocialGraph: typeof abis.socialGraphAbi
  }
  type Named = { EnableUnion: false; IndexedOnly: false; Required: true }
  type EventNames = { [Name in keyof Abis]: `${Name}:${ContractEventName<Abis[Name]>}` }[keyof Abis]
  type ArgsOf<Name> = Name extends `${infer Contract extends keyof Abis}:${infer Event}`
    ? GetEventArgs<Abis[Contract], Event, Named>
    : never

  export type Event<Name extends EventNames> = {
    readonly args: ArgsOf<Name>
    readonly log: { readonly logIndex: number; readonly address: Hex }
    readonly block: { readonly number: bigint; readonly timestamp: bigint }
    readonly transaction: { readonly hash: Hex; readonly input: Hex }
  }

  type Key = { readonly id: Hex }
  type Change<Row> = Partial<Row> | ((row: Row) => Partial<Row>)
  type Inserted<Row> = Promise<Row> & {
    onConflictDoNothing(): Promise<Row | null>
    onConflictDoUpdate(change: Change<Row>): Promise<Row>
  }
  export type Context = {
    readonly db: {
      find<Row>(table: Table<Row>, key: Key): Promise<Row | null>
      insert<Row>(table: Table<Row>): { values(row: Row): Inserted<Row> }
      update<Row>(table: Table<Row>, key: Key): { set(change: Change<Row>): Promise<Row> }
      delete(table: Table<unknown>, key: Key): Promise<boolean>
    }
  }

  export const ponder: {
    on<Name extends EventNames>(
      name: Name,
      handle: (occurred: { readonly event: Event<Name>; readonly context: Context }) => Promise<void>,
    ): void
  }
}

declare module 'ponder:api' {
  import type { Table } from 'ponder'

  export const db: { select(): { from<Row>(table: Table<Row>): Promise<Row[]> } }
}
