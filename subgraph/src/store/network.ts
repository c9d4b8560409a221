import { Bytes, ethereum } from '@graphprotocol/graph-ts'
import { Network, NetworkDay } from '../../generated/schema'
import { fourBytes } from '../ids'
import { dayOf } from '../time'

/** The one row that counts everything. */
export function loadNetwork(): Network {
  const id = Bytes.fromHexString('0x01')
  const found = Network.load(id)
  if (found !== null) return found
  const network = new Network(id)
  network.accounts = 0
  network.contents = 0
  network.versions = 0
  network.editions = 0
  network.purchases = 0
  network.sales = 0
  network.channels = 0
  network.openChannels = 0
  network.claims = 0
  network.nodes = 0
  network.views = 0
  network.reactions = 0
  network.comments = 0
  network.follows = 0
  return network
}

/** The row of the event's day. */
export function loadNetworkDay(event: ethereum.Event): NetworkDay {
  const day = dayOf(event)
  const id = fourBytes(day)
  const found = NetworkDay.load(id)
  if (found !== null) return found
  const row = new NetworkDay(id)
  row.day = day
  row.newAccounts = 0
  row.contents = 0
  row.versions = 0
  row.editions = 0
  row.purchases = 0
  row.sales = 0
  row.channelsOpened = 0
  row.channelsClosed = 0
  row.claims = 0
  row.newNodes = 0
  row.views = 0
  row.reactions = 0
  row.comments = 0
  row.follows = 0
  return row
}
