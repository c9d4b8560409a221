export { startServer } from './start-server.ts'
export type { QueryServer } from './start-server.ts'
