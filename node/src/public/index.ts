export { createPublicApp } from './app.ts'
export type { PublicComponents, PublicInfo } from './app.ts'
export { acceptExchangeSockets } from './exchange-sockets.ts'
export { createStaticFiles } from './static-files.ts'
