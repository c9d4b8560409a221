import { fetchTorrent, seedTorrent } from '../../../bench/transfer/webtorrent.ts'
import { answerCalls } from '../harness/answer.ts'
import { peerCommands } from '../support/other-peer.ts'

const commands = peerCommands(seedTorrent, fetchTorrent)

export type TorrentPeerCommands = typeof commands

answerCalls(commands)
