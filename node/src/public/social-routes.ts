import { SluiceError } from '@sluice/sdk'
import { encodeSocialReport, MAX_SOCIAL_POST_BYTES } from '@sluice/sdk/social'
import type { Context, Hono } from 'hono'
import { getAddress, pad } from 'viem'
import type { Hex } from 'viem'
import { addressField, integerField, readBody, wordField } from '../http/index.ts'
import type { RateLimiter } from '../net/rate-limiter.ts'
import type { Social } from '../social/index.ts'

export type SocialRoutes = {
  readonly social: Pick<Social, 'post' | 'get' | 'find'>
  /** Of posts; asking is limited like everything else. */
  readonly limiter: RateLimiter
  readonly prefixOf: (context: Context) => string
}

const MAX_LISTED = 100
const DEFAULT_LISTED = 50
/** A list of comments of the longest kind stays below what a page reads at once. */
const MAX_LIST_BYTES = 192 * 1024

/** `POST /v1/social`, `GET /v1/social?wallet=…&topic=…&limit=…`, `GET /v1/social/:id`. */
export function addSocialRoutes(app: Hono, { social, limiter, prefixOf }: SocialRoutes): void {
  app.post('/v1/social', async (context) => {
    const prefix = prefixOf(context)
    if (!limiter.take(prefix)) throw new SluiceError('RATE_LIMITED', 'Too many social actions from this network.')
    const report = await social.post(await readBody(context, MAX_SOCIAL_POST_BYTES), prefix)
    return context.json(encodeSocialReport(report), report.state === 'pending' ? 202 : 200)
  })
  app.get('/v1/social', (context) => {
    const { wallet, topic, limit } = context.req.query()
    const most = limit === undefined ? DEFAULT_LISTED : integerField(limit, 'limit', 1, MAX_LISTED)
    const what = {
      ...(wallet === undefined ? {} : { wallet: getAddress(addressField(wallet, 'wallet')) }),
      ...(topic === undefined ? {} : { subject: topicField(topic) }),
    }
    const actions: unknown[] = []
    let bytes = 0
    for (const report of social.find(what, most).map(encodeSocialReport)) {
      bytes += JSON.stringify(report).length
      if (bytes > MAX_LIST_BYTES) break
      actions.push(report)
    }
    return context.json({ actions })
  })
  app.get('/v1/social/:id', (context) => {
    const report = social.get(lower(wordField(context.req.param('id'), 'id')))
    if (report === undefined) throw new SluiceError('NOT_FOUND', 'This action is not known here.')
    return context.json(encodeSocialReport(report))
  })
}

/** What actions are about: a content id, or a followed wallet. */
function topicField(value: string): Hex {
  return lower(value.length === 42 ? pad(addressField(value, 'topic')) : wordField(value, 'topic'))
}

function lower(word: Hex): Hex {
  return word.toLowerCase() as Hex
}
