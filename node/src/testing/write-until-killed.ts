import { readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { openStore } from '../store/index.ts'

// A child process of the store's tests: writes slices, says how many are durable, starts over, until it is killed.
const [directory = '', root = ''] = process.argv.slice(2)
const store = await openStore({ directory, quotaBytes: 2 ** 30, reserveBytes: 0 })
const bytes = await readFile(join(directory, 'sample.bin'))
const STRIDE = 262_144
for (;;) {
  for (let index = 0; index * STRIDE < bytes.length; index += 1) {
    await store.writeSlice(root, index, bytes.subarray(index * STRIDE, (index + 1) * STRIDE))
    if (index % 5 !== 4) continue
    await store.sync(root)
    process.stdout.write(`${index + 1}\n`)
  }
}
