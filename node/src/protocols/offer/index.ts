export { OFFER_PROTOCOL, offerContent, serveOffers } from './offer-protocol.ts'
