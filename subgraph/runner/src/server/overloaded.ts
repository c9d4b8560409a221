/** In graph-node's words (graph/src/data/query/error.rs, `LoadShedding`). */
export const OVERLOADED_MESSAGE =
  'service is overloaded and can not run the query right now. Please try again in a few minutes'

/** As the body of an answer. */
export const OVERLOADED = JSON.stringify({ errors: [{ message: OVERLOADED_MESSAGE }] })
