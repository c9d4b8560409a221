import { constants } from 'node:fs'
import { access } from 'node:fs/promises'
import { delimiter, join } from 'node:path'
import { runCommand } from './run-command.ts'

/** A program that npm does not bring, by the names and places it has on the systems we know. */
export type SystemProgram = {
  readonly name: string
  readonly names: readonly string[]
  readonly places: readonly string[]
  readonly aptPackage: string
}

export const CHROMIUM: SystemProgram = {
  name: 'Chromium',
  names: ['chromium', 'chromium-browser', 'google-chrome-stable', 'google-chrome'],
  places: [
    '/Applications/Chromium.app/Contents/MacOS/Chromium',
    '/Applications/Google Chrome.app/Contents/MacOS/Google Chrome',
  ],
  aptPackage: 'chromium',
}

export const FFMPEG: SystemProgram = { name: 'ffmpeg', names: ['ffmpeg'], places: [], aptPackage: 'ffmpeg' }

export const Z3: SystemProgram = { name: 'z3', names: ['z3'], places: [], aptPackage: 'z3' }

/** Where the program is, if it is anywhere. */
async function findProgram(program: SystemProgram): Promise<string | undefined> {
  const folders = (process.env['PATH'] ?? '').split(delimiter)
  const candidates = [
    ...program.names.flatMap((name) => folders.map((folder) => join(folder, name))),
    ...program.places,
  ]
  for (const path of candidates) {
    if (await isExecutable(path)) return path
  }
  return undefined
}

/**
 * Where the program is; installs it first where that needs no question (root, with apt).
 * @throws Error that says how to get the program.
 */
export async function requireProgram(program: SystemProgram): Promise<string> {
  const found = (await findProgram(program)) ?? (await installProgram(program))
  if (found !== undefined) return found
  throw new Error(
    `${program.name} is missing. On Debian and Ubuntu: sudo apt-get install -y ${program.aptPackage}; elsewhere install it and put it on the PATH.`,
  )
}

async function installProgram(program: SystemProgram): Promise<string | undefined> {
  const isRoot = process.getuid?.() === 0
  const apt = await findProgram({ name: 'apt-get', names: ['apt-get'], places: [], aptPackage: 'apt' })
  if (!isRoot || apt === undefined) return undefined
  console.log(`${program.name} is missing: installing ${program.aptPackage} with apt-get`)
  const env = { DEBIAN_FRONTEND: 'noninteractive' }
  // An outdated list of one foreign source must not stop the rest; what counts is whether the install works.
  await runCommand([apt, 'update'], { env })
  const install = await runCommand([apt, 'install', '-y', '--no-install-recommends', program.aptPackage], { env })
  if (install.exitCode !== 0) console.error(install.output.trimEnd())
  return findProgram(program)
}

async function isExecutable(path: string): Promise<boolean> {
  return access(path, constants.X_OK).then(
    () => true,
    () => false,
  )
}
