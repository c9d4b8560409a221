import { ethereum } from '@graphprotocol/graph-ts'

const SECONDS_PER_DAY: i64 = 86_400

/** When the event's block was made, in unix seconds. */
export function timeOf(event: ethereum.Event): i64 {
  return event.block.timestamp.toI64()
}

/** Whole days since 1970, in UTC: as `SocialGraph` counts views. */
export function dayOf(event: ethereum.Event): i32 {
  return <i32>(timeOf(event) / SECONDS_PER_DAY)
}

export function blockOf(event: ethereum.Event): i64 {
  return event.block.number.toI64()
}
