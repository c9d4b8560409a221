/** What can go wrong in the runner; callers match codes, never messages. */
export type RunnerErrorCode =
  | 'SCHEMA_INVALID' // schema.graphql is not what graph-cli accepts
  | 'SCHEMA_UNSUPPORTED' // graph-node would take it, this runner does not
  | 'VALUE_INVALID' // a value does not fit the field it is for

/** The one error of this package: a code for the program, a sentence for the operator. */
export class RunnerError extends Error {
  readonly code: RunnerErrorCode

  constructor(code: RunnerErrorCode, message: string, options?: ErrorOptions) {
    super(message, options)
    this.name = 'RunnerError'
    this.code = code
  }
}
