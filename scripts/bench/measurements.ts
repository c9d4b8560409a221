import { gas } from './gas.ts'
import type { Measurement } from './harness/measurement.ts'

/** Everything that can be measured, in the order in which it is. */
export const MEASUREMENTS: readonly Measurement[] = [gas]
