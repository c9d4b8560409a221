import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import { zeroAddress } from 'viem'
import { totalLines } from './earnings.ts'

const TOKEN = `0x${'ee'.repeat(20)}` as const
const total = {
  token: TOKEN,
  claimed: 0n,
  claimCount: 0,
  sold: 5n,
  referred: 0n,
  royalties: 0n,
  resold: 0n,
  withdrawable: 3n,
} as const

describe('what is told of earnings', () => {
  it('names the very command that takes what is owed, in the token that it is owed in', () => {
    assert.match(totalLines(total, true)[1] ?? '', new RegExp(`: sluice withdraw --sales --token ${TOKEN}$`))
    assert.match(totalLines({ ...total, token: zeroAddress }, true)[1] ?? '', /: sluice withdraw --sales$/)
  })

  it('names no command to whose wallet it does not pay, or where nothing is owed', () => {
    assert.match(totalLines(total, false)[1] ?? '', /^For keys the chain owes 3 base units of 0x(ee)+$/)
    assert.doesNotMatch(totalLines({ ...total, withdrawable: 0n }, true).join(), /withdraw/)
  })
})
