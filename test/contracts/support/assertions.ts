import { networkHelpers, viem } from './fixture.ts'

/** The call reverts with this error of this contract, with exactly these arguments. */
export const refuses: typeof viem.assertions.revertWithCustomErrorWithArgs = (...args) =>
  viem.assertions.revertWithCustomErrorWithArgs(...args)

/** The call reverts with this error, whatever its arguments. */
export const refusesWith: typeof viem.assertions.revertWithCustomError = (...args) =>
  viem.assertions.revertWithCustomError(...args)

export const emits: typeof viem.assertions.emitWithArgs = (...args) => viem.assertions.emitWithArgs(...args)

export const balancesChange: typeof viem.assertions.balancesHaveChanged = (...args) =>
  viem.assertions.balancesHaveChanged(...args)

/** The next block, and what is simulated for it, has exactly this time. */
export async function at(time: bigint): Promise<void> {
  await networkHelpers.time.setNextBlockTimestamp(time)
}
