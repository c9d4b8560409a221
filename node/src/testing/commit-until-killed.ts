import fs from 'node:fs/promises'
import { syncBuiltinESMExports } from 'node:module'
import { DatabaseSync } from 'node:sqlite'
import { openStore } from '../store/index.ts'

// A child process of the store's tests: commits an upload, and kills itself before the step of that number, counted
// from 0. Steps are what the disk then shows: what is done to files, and the ends of the database's transactions.
const [directory = '', upload = '', manifestCid = '', lethal = ''] = process.argv.slice(2)
let steps: number | undefined

function step(what: unknown): void {
  if (steps === undefined || what === 'BEGIN IMMEDIATE' || String(what).startsWith('PRAGMA')) return
  if (steps === Number(lethal)) process.kill(process.pid, 'SIGKILL')
  steps += 1
}

/** Has a method count as a step each time before it does its work. */
function count<K extends PropertyKey>(owner: Record<K, (...args: never[]) => unknown>, name: K): void {
  const method = owner[name]
  owner[name] = function (this: unknown, ...args: never[]) {
    step(args[0])
    return method.apply(this, args)
  }
}

count(fs, 'link')
count(fs, 'rm')
count(fs, 'open')
count(DatabaseSync.prototype, 'exec')
syncBuiltinESMExports()

const store = await openStore({ directory, quotaBytes: 2 ** 30, reserveBytes: 0 })
steps = 0
await store.uploads.commit(upload, manifestCid)
process.stdout.write(`${steps}\n`)
process.exit(0)
