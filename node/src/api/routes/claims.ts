import { Hono } from 'hono'
import { SluiceError } from '@sluice/sdk'
import type { Hex } from 'viem'
import { flagField, optionalField, readJson, wordField } from '../../http/index.ts'
import type { ApiComponents } from '../components.ts'

const MAX_CHANNELS = 256

export function claimRoutes({ accounting }: Pick<ApiComponents, 'accounting'>): Hono {
  return new Hono().post('/', async (context) => {
    const body = await readJson(context)
    const results = await accounting.claim({
      ...optionalField(body, 'channelIds', channelIds),
      ...optionalField(body, 'close', flagField),
      ...optionalField(body, 'force', flagField),
    })
    return context.json(results)
  })
}

function channelIds(value: unknown, name: string): Hex[] {
  if (!Array.isArray(value) || value.length > MAX_CHANNELS) {
    throw new SluiceError('BAD_INPUT', `${name} must be a list of at most ${MAX_CHANNELS} channel ids.`)
  }
  return value.map((entry: unknown) => wordField(entry, name))
}
