export type { Accounting } from './accounting.ts'
export { createAdminApp } from './app.ts'
export type { ApiComponents } from './components.ts'
export { loadToken } from './token.ts'
