// What other packages use of a node: the typed client of its admin API. Isomorphic; imports nothing that only Node has.
export * from './client.ts'
export { createUploadSink } from './upload-sink.ts'
