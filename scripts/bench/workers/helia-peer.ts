import { createReadStream } from 'node:fs'
import { fetchFile, seedFile } from '../../../bench/transfer/helia.ts'
import type { HeliaSettings } from '../../../bench/transfer/settings.ts'
import { answerCalls } from '../harness/answer.ts'
import { peerCommands } from '../support/other-peer.ts'

const seed = (path: string, settings: HeliaSettings) => seedFile(createReadStream(path), settings)
const commands = peerCommands(seed, fetchFile)

export type HeliaPeerCommands = typeof commands

answerCalls(commands)
