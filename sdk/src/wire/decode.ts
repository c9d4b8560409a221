import { fromBinary } from '@bufbuild/protobuf'
import { MAX_FRAME_BYTES } from '../exchange/frame-channel.ts'
import { isErrorCode, isSluiceError, SluiceError } from '../errors.ts'
import type { ErrorCode } from '../errors.ts'
import * as field from './fields.ts'
import { FrameSchema } from './generated/sluice_pb.ts'
import type * as pb from './generated/sluice_pb.ts'
import { WIRE_LIMITS } from './limits.ts'
import type { Frame, HelloMessage, OpenMessage, PayMessage, SignedGrant, TermsMessage } from './messages.ts'
import { decodeSlice } from './slice-frame.ts'

/**
 * Reads one frame and checks every bound, so that what comes out needs no further validation of shape. A slice's data is
 * a view of `bytes`, not a copy.
 * @throws FRAME_INVALID whatever is wrong with it.
 */
export function decodeFrame(bytes: Uint8Array): Frame {
  if (bytes.length > MAX_FRAME_BYTES) throw field.invalid(`frame of ${bytes.length} bytes`)
  const slice = decodeSlice(bytes)
  if (slice !== undefined) return slice
  try {
    return toFrame(fromBinary(FrameSchema, bytes, { readUnknownFields: false }))
  } catch (error) {
    if (isSluiceError(error, 'FRAME_INVALID')) throw error
    throw new SluiceError('FRAME_INVALID', 'Not a frame of the slice exchange.', { cause: error })
  }
}

function toFrame({ message }: pb.Frame): Frame {
  switch (message.case) {
    case 'slice':
      return {
        type: 'slice',
        index: field.index(message.value.index),
        data: field.atMost(message.value.data, WIRE_LIMITS.sliceBytes, 'slice'),
        ...(message.value.free && { free: true }),
      }
    case 'pay':
      return toPay(message.value)
    case 'paid':
      return {
        type: 'paid',
        channelId: field.word(message.value.channelId),
        total: field.amount(message.value.total),
      }
    case 'want':
      return {
        type: 'want',
        termsId: message.value.termsId,
        ranges: field.ranges(message.value.ranges),
        priority: message.value.priority,
      }
    case 'cancel':
      return { type: 'cancel', ranges: field.ranges(message.value.ranges) }
    default:
      return toSetupFrame(message)
  }
}

function toSetupFrame(message: pb.Frame['message']): Frame {
  switch (message.case) {
    case 'challenge':
      return { type: 'challenge', nonce: field.word(message.value.nonce) }
    case 'hello':
      return toHello(message.value)
    case 'terms':
      return toTerms(message.value)
    case 'denied':
      return toDenied(message.value)
    case 'open':
      return toOpen(message.value)
    case 'opened':
      return {
        type: 'opened',
        channelId: field.word(message.value.channelId),
        deposit: field.amount(message.value.deposit),
      }
    case 'topUp':
      return toTopUp(message.value)
    case 'bye':
      return { type: 'bye', ...(message.value.code === '' ? {} : { code: toCode(message.value.code) }) }
    default:
      throw field.invalid('a frame without a message')
  }
}

function toHello(hello: pb.Hello): HelloMessage {
  const { identity, grant } = hello
  return {
    type: 'hello',
    challenge: field.word(hello.challenge),
    serverPeerId: field.text(hello.serverPeerId, WIRE_LIMITS.peerIdLength, 'peer id'),
    clientId: field.hex(field.atMost(hello.clientId, WIRE_LIMITS.clientIdBytes, 'client id')),
    root: field.cid(hello.root),
    chainId: hello.chainId,
    expiry: hello.expiry,
    ...(identity && {
      identity: {
        wallet: field.address(identity.wallet),
        session: field.point(identity),
        signature: field.signature(identity.signature),
      },
    }),
    ...(grant && { grant: toGrant(grant) }),
  }
}

function toGrant(grant: pb.Grant): SignedGrant {
  return {
    peerId: field.text(grant.peerId, WIRE_LIMITS.peerIdLength, 'peer id'),
    wallet: field.address(grant.wallet),
    maxBytes: grant.maxBytes,
    until: grant.until,
    session: field.point(grant),
    signature: field.signature(grant.signature),
  }
}

function toTerms(terms: pb.Terms): TermsMessage {
  const sliceCount = terms.sliceCount
  if (sliceCount > WIRE_LIMITS.sliceCount) throw field.invalid(`${sliceCount} slices`)
  return {
    type: 'terms',
    termsId: terms.termsId,
    price: field.amount(terms.price),
    token: field.address(terms.token),
    payee: field.address(terms.payee),
    credit: field.amount(terms.credit),
    minChannel: field.amount(terms.minChannel),
    challenge: field.uint24(terms.challenge),
    expiry: terms.expiry,
    sliceCount,
    has: field.exactly(terms.has, Math.ceil(sliceCount / 8), 'bitfield'),
    owed: field.amount(terms.owed),
    ...(terms.channelId.length > 0 && {
      channel: {
        channelId: field.word(terms.channelId),
        deposit: field.amount(terms.channelDeposit),
        accepted: field.amount(terms.channelAccepted),
      },
    }),
    signature: field.exactly(terms.signature, 64, 'signature'),
  }
}

function toDenied({ code, message, index, channelId }: pb.Denied): Frame {
  return {
    type: 'denied',
    code: toCode(code),
    message: field.text(message, WIRE_LIMITS.messageLength, 'message'),
    ...(index === undefined ? {} : { index: field.index(index) }),
    ...(channelId === undefined ? {} : { channelId: field.word(channelId) }),
  }
}

function toOpen(open: pb.Open): OpenMessage {
  return {
    type: 'open',
    intent: {
      payer: field.address(open.payer),
      payee: field.address(open.payee),
      token: field.address(open.token),
      amount: field.amount(open.amount),
      challenge: field.uint24(open.challenge),
      session: field.point(open),
      salt: field.word(open.salt),
      deadline: open.deadline,
    },
    signature: field.signature(open.signature),
  }
}

function toTopUp(topUp: pb.TopUp): Frame {
  const { deadline } = topUp
  return {
    type: 'topUp',
    order: { channelId: field.word(topUp.channelId), newDeposit: field.amount(topUp.newDeposit), deadline },
    signature: field.signature(topUp.signature),
  }
}

function toPay({ channelId: id, voucher, tick, ticks }: pb.Pay): PayMessage {
  if (ticks > WIRE_LIMITS.ticks) throw field.invalid(`${ticks} ticks`)
  const channelId = field.word(id)
  const payment = { type: 'pay', channelId, tick: field.word(tick), ticks } as const
  if (voucher === undefined) return payment
  if (voucher.maxTicks > WIRE_LIMITS.ticks) throw field.invalid(`a voucher of ${voucher.maxTicks} ticks`)
  return {
    ...payment,
    signed: {
      voucher: {
        channelId,
        cumulative: field.amount(voucher.cumulative),
        tickRoot: field.word(voucher.tickRoot),
        tickValue: field.amount(voucher.tickValue),
        maxTicks: voucher.maxTicks,
      },
      signature: field.signature(voucher.signature),
    },
  }
}

/** A code that a newer peer knows and we do not is still a refusal. */
function toCode(code: string): ErrorCode {
  const text = field.text(code, WIRE_LIMITS.codeLength, 'code')
  return isErrorCode(text) ? text : 'INTERNAL'
}
