/** What can go wrong in the runner; callers match codes, never messages. */
export type RunnerErrorCode =
  | 'SCHEMA_INVALID' // schema.graphql is not what graph-cli accepts
  | 'SCHEMA_UNSUPPORTED' // graph-node would take it, this runner does not
  | 'VALUE_INVALID' // a value does not fit the field it is for
  | 'MANIFEST_INVALID' // subgraph.yaml, or an ABI it names, is not what graph-cli writes
  | 'MANIFEST_UNSUPPORTED' // graph-node would run it, this runner does not
  | 'MAPPING_INVALID' // the WASM is not what graph-cli writes
  | 'MAPPING_UNSUPPORTED' // a mapping asks its host for what this runner does not have
  | 'MAPPING_FAILED' // a handler failed, as it would in graph-node: indexing stops there
  | 'STORE_FOREIGN' // the database belongs to another subgraph, or another version of this one
  | 'RPC_FAILED' // no endpoint answers, or none answers sensibly
  | 'SERVER_FAILED' // what answers queries has ended by itself
  | 'REORG_TOO_DEEP' // the chain replaced blocks that can no longer be taken back

/** The one error of this package: a code for the program, a sentence for the operator. */
export class RunnerError extends Error {
  readonly code: RunnerErrorCode

  constructor(code: RunnerErrorCode, message: string, options?: ErrorOptions) {
    super(message, options)
    this.name = 'RunnerError'
    this.code = code
  }
}
