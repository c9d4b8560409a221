import { create, toBinary } from '@bufbuild/protobuf'
import type { MessageInitShape } from '@bufbuild/protobuf'
import { hexToBytes, numberToBytes } from 'viem'
import type { Hex } from 'viem'
import type { SessionSignature } from '../session/index.ts'
import { joinFrame } from '../exchange/frame-channel.ts'
import { FrameSchema, TermsSchema } from './generated/sluice_pb.ts'
import type { Frame, HelloMessage, Offer, OpenMessage, PayMessage, SignedGrant, SliceMessage } from './messages.ts'
import { encodeSlice } from './slice-frame.ts'

type FrameInit = NonNullable<MessageInitShape<typeof FrameSchema>['message']>

/** The protobuf bytes of one frame, without a length prefix. */
export function encodeFrame(frame: Frame): Uint8Array {
  if (frame.type === 'slice') return joinFrame(...encodeSlice(frame))
  return toBinary(FrameSchema, create(FrameSchema, { message: frameInit(frame) }))
}

/** What a server signs of its terms: all but the signature, in field order. */
export function encodeOffer(offer: Offer): Uint8Array {
  return toBinary(TermsSchema, create(TermsSchema, offerInit(offer)))
}

function frameInit(frame: Exclude<Frame, SliceMessage>): FrameInit {
  switch (frame.type) {
    case 'challenge':
      return { case: 'challenge', value: { nonce: hexToBytes(frame.nonce) } }
    case 'hello':
      return { case: 'hello', value: helloInit(frame) }
    case 'terms':
      return { case: 'terms', value: { ...offerInit(frame), signature: frame.signature } }
    case 'denied':
      return { case: 'denied', value: deniedInit(frame) }
    case 'open':
      return { case: 'open', value: openInit(frame) }
    case 'topUp':
      return { case: 'topUp', value: topUpInit(frame) }
    case 'want':
      return { case: 'want', value: { termsId: frame.termsId, ranges: [...frame.ranges], priority: frame.priority } }
    case 'cancel':
      return { case: 'cancel', value: { ranges: [...frame.ranges] } }
    case 'pay':
      return { case: 'pay', value: payInit(frame) }
    case 'opened':
      return { case: 'opened', value: { channelId: hexToBytes(frame.channelId), deposit: amountBytes(frame.deposit) } }
    case 'paid':
      return { case: 'paid', value: { channelId: hexToBytes(frame.channelId), total: amountBytes(frame.total) } }
    case 'bye':
      return { case: 'bye', value: { code: frame.code ?? '' } }
  }
}

function deniedInit({ code, message, index, channelId }: Extract<Frame, { type: 'denied' }>) {
  return {
    code,
    message,
    ...(index === undefined ? {} : { index }),
    ...(channelId === undefined ? {} : { channelId: hexToBytes(channelId) }),
  }
}

function topUpInit({ order, signature }: Extract<Frame, { type: 'topUp' }>) {
  return {
    channelId: hexToBytes(order.channelId),
    newDeposit: amountBytes(order.newDeposit),
    deadline: order.deadline,
    signature: signatureBytes(signature),
  }
}

function helloInit({ identity, grant, ...hello }: HelloMessage) {
  return {
    challenge: hexToBytes(hello.challenge),
    serverPeerId: hello.serverPeerId,
    clientId: hexToBytes(hello.clientId),
    root: hello.root.bytes,
    chainId: hello.chainId,
    expiry: hello.expiry,
    ...(identity && {
      identity: {
        wallet: hexToBytes(identity.wallet),
        qx: hexToBytes(identity.session.qx),
        qy: hexToBytes(identity.session.qy),
        signature: signatureBytes(identity.signature),
      },
    }),
    ...(grant && { grant: grantInit(grant) }),
  }
}

function grantInit({ session, signature, wallet, ...grant }: SignedGrant) {
  return {
    ...grant,
    wallet: hexToBytes(wallet),
    qx: hexToBytes(session.qx),
    qy: hexToBytes(session.qy),
    signature: signatureBytes(signature),
  }
}

function offerInit(offer: Offer) {
  return {
    termsId: offer.termsId,
    price: amountBytes(offer.price),
    token: hexToBytes(offer.token),
    payee: hexToBytes(offer.payee),
    credit: amountBytes(offer.credit),
    minChannel: amountBytes(offer.minChannel),
    challenge: offer.challenge,
    expiry: offer.expiry,
    sliceCount: offer.sliceCount,
    has: offer.has,
    owed: amountBytes(offer.owed),
    ...(offer.channel && {
      channelId: hexToBytes(offer.channel.channelId),
      channelDeposit: amountBytes(offer.channel.deposit),
      channelAccepted: amountBytes(offer.channel.accepted),
    }),
  }
}

function openInit({ intent, signature }: OpenMessage) {
  return {
    payer: hexToBytes(intent.payer),
    payee: hexToBytes(intent.payee),
    token: hexToBytes(intent.token),
    amount: amountBytes(intent.amount),
    challenge: intent.challenge,
    qx: hexToBytes(intent.session.qx),
    qy: hexToBytes(intent.session.qy),
    salt: hexToBytes(intent.salt),
    deadline: intent.deadline,
    signature: signatureBytes(signature),
  }
}

function payInit({ channelId, signed, tick, ticks }: PayMessage) {
  return {
    channelId: hexToBytes(channelId),
    tick: hexToBytes(tick),
    ticks,
    ...(signed && {
      voucher: {
        cumulative: amountBytes(signed.voucher.cumulative),
        tickRoot: hexToBytes(signed.voucher.tickRoot),
        tickValue: amountBytes(signed.voucher.tickValue),
        maxTicks: signed.voucher.maxTicks,
        signature: signatureBytes(signed.signature),
      },
    }),
  }
}

/** Big-endian without leading zeros; zero is empty. */
function amountBytes(amount: bigint): Uint8Array {
  return amount === 0n ? new Uint8Array(0) : numberToBytes(amount)
}

/** `r ‖ s`, 64 bytes. */
function signatureBytes({ r, s }: SessionSignature): Uint8Array {
  return hexToBytes(`${r}${s.slice(2)}` as Hex)
}
