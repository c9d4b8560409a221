export { startSocial } from './social.ts'
export type { Social, SocialOptions } from './social.ts'
