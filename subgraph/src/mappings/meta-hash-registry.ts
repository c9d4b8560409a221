import { BigInt, Bytes, ethereum } from '@graphprotocol/graph-ts'
import {
  ContentPublished,
  CreatorTransferred,
  CreatorTransferStarted,
  StatusChanged,
  VersionPublished,
} from '../../generated/MetaHashRegistry/MetaHashRegistry'
import { Content, Version } from '../../generated/schema'
import { someone, versionId } from '../ids'
import { accountId, loadAccount } from '../store/account'
import { loadTopic, requireContent } from '../store/content'
import { loadNetwork, loadNetworkDay } from '../store/network'
import { blockOf, timeOf } from '../time'
import { titleOf } from '../title'

/** `IMetaHashRegistry.Status.Active`. */
const ACTIVE = 1
const KINDS: StaticArray<string> = ['MEDIA', 'FILE', 'COMPONENT']

export function handleContentPublished(event: ContentPublished): void {
  const creator = loadAccount(event.params.creator, event)
  creator.contentCount += 1
  creator.save()

  const content = new Content(event.params.contentId)
  content.creator = creator.id
  content.publisher = creator.id
  content.kind = KINDS[event.params.kind]
  content.status = 'ACTIVE'
  content.salt = event.params.salt
  content.versionCount = 0
  // The registry's next event, of the same call, is this version.
  content.latest = versionId(content.id, 1)
  content.publishedAt = timeOf(event)
  content.updatedAt = timeOf(event)
  content.editionCount = 0
  content.keysSold = BigInt.zero()
  content.keysResold = BigInt.zero()
  content.viewCount = 0
  content.trendingScore = 0
  content.topic = topicOf(content.id)
  content.save()

  const network = loadNetwork()
  network.contents += 1
  network.save()
  const today = loadNetworkDay(event)
  today.contents += 1
  today.save()
}

/** What was said of the id before it was published counts too. */
function topicOf(contentId: Bytes): Bytes {
  const topic = loadTopic(contentId)
  topic.content = contentId
  topic.save()
  return topic.id
}

export function handleVersionPublished(event: VersionPublished): void {
  const number = event.params.version.toI32()
  const title = titleOf(event.transaction.input, event.params.metaHash)

  const version = new Version(versionId(event.params.contentId, number))
  version.content = event.params.contentId
  version.number = number
  version.metaHash = event.params.metaHash
  version.proofRoot = event.params.proofRoot
  version.sliceCount = event.params.sliceCount.toI64()
  version.title = title
  version.publishedAt = timeOf(event)
  version.block = blockOf(event)
  version.transaction = event.transaction.hash
  version.save()

  const content = requireContent(event.params.contentId)
  content.latest = version.id
  content.versionCount = number
  if (title !== null) content.title = title
  content.updatedAt = timeOf(event)
  content.save()
  countVersion(event)
}

function countVersion(event: ethereum.Event): void {
  const network = loadNetwork()
  network.versions += 1
  network.save()
  const today = loadNetworkDay(event)
  today.versions += 1
  today.save()
}

export function handleStatusChanged(event: StatusChanged): void {
  const content = requireContent(event.params.contentId)
  content.status = event.params.status == ACTIVE ? 'ACTIVE' : 'DELISTED'
  content.updatedAt = timeOf(event)
  content.save()
}

export function handleCreatorTransferStarted(event: CreatorTransferStarted): void {
  const content = requireContent(event.params.contentId)
  const pending = someone(event.params.to)
  content.pendingCreator = pending === null ? null : accountId(pending, event)
  content.save()
}

export function handleCreatorTransferred(event: CreatorTransferred): void {
  const from = loadAccount(event.params.from, event)
  from.contentCount -= 1
  from.save()
  const to = loadAccount(event.params.to, event)
  to.contentCount += 1
  to.save()

  const content = requireContent(event.params.contentId)
  content.creator = to.id
  content.pendingCreator = null
  content.updatedAt = timeOf(event)
  content.save()
}
