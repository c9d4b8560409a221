/**
 * Which AssemblyScript class an object is of: the numbers that graph-ts gives to `id_of_type`
 * (graph-tooling, packages/ts/global/global.ts), the same as graph-node's `IndexForAscTypeId`.
 */
export const TYPE = {
  string: 0,
  arrayBuffer: 1,
  uint8Array: 6,
  arrayUint8Array: 14,
  arrayEthereumValue: 15,
  arrayStoreValue: 16,
  arrayJsonValue: 17,
  arrayString: 18,
  arrayEventParam: 19,
  arrayEntryJson: 20,
  arrayEntryStore: 21,
  eventParam: 23,
  transaction: 24,
  block: 25,
  ethereumValue: 30,
  storeValue: 31,
  jsonValue: 32,
  event: 33,
  entryStore: 34,
  entryJson: 35,
  mapStore: 36,
  mapJson: 37,
  resultJson: 40,
  wrappedBool: 28,
  wrappedJson: 29,
  receipt: 1000,
  log: 1001,
  arrayH256: 1002,
  arrayLog: 1003,
} as const

/** What a class of TYPE is called there. */
export type TypeIndex = (typeof TYPE)[keyof typeof TYPE]

/** A pointer to the content of an object; 0 is null. */
export type Pointer = number
