import assert from 'node:assert/strict'
import { contractsBy } from '../../../sdk/src/chain/index.ts'
import { isSluiceError } from '../../../sdk/src/errors.ts'
import type { ErrorCode } from '../../../sdk/src/errors.ts'
import { deploySluice } from './fixture.ts'

/** What the sdk's actions take besides a client. Pass it to `loadFixture`. */
export async function world() {
  const sluice = await deploySluice()
  return { ...sluice, contracts: contractsBy((name) => sluice[name].address) }
}

export type World = Awaited<ReturnType<typeof world>>

/** Asserts the code, and the contract's error where one is named. */
export async function fails(action: Promise<unknown>, code: ErrorCode, errorName?: string): Promise<void> {
  await assert.rejects(action, (error: unknown) => {
    assert.ok(isSluiceError(error, code), String(error))
    if (errorName !== undefined) assert.equal(error.details['errorName'], errorName)
    return true
  })
}
