/**
 * Makes the media of `samples/`, all from formulas, so that they belong to this project alone. Needs ffmpeg with x264.
 * The results are committed; run it only to change them. Encoders differ between versions, so bytes may differ too.
 */
import { join } from 'node:path'
import { prepareEnvironment } from './lib/environment.ts'
import { runCommand } from './lib/run-command.ts'
import { FFMPEG, requireProgram } from './lib/system.ts'

const SECONDS = 24

/** Two sine fields that bend each other, drifting with time T; drawn small, since enlarging smooths it further. */
const silk = (palette: string, at = 'T') => {
  const time = at === 'T' ? 'T' : `(T+${at})`
  const across = `2.2*sin(X/46+${time}*0.35+1.6*sin(Y/38-${time}*0.22))`
  const down = `1.8*sin(Y/31+${time}*0.27+1.5*sin(X/57+${time}*0.18))`
  return [
    'nullsrc=size=320x180:rate=24',
    'format=gray',
    `geq=lum='127.5+127.5*sin(${across}+${down}+${time}*0.3)'`,
    'scale=640:360:flags=bicubic',
    'format=yuv444p',
    `pseudocolor=preset=${palette}`,
  ].join(',')
}

/** Sine partials of a chord, each swelling in its own time; the channels are a little out of tune with each other. */
const chord = (detune: number) => {
  const partials = [110, 164.81, 220, 261.63, 329.63, 493.88].map((hertz, index) => {
    const swell = `(0.6+0.4*sin(2*PI*t/${6 + index}+${index}))`
    return `${(0.16 / (1 + index * 0.5)).toFixed(3)}*${swell}*sin(2*PI*${(hertz * detune).toFixed(3)}*t)`
  })
  return partials.join('+')
}

/** A place on the edge of the Mandelbrot set, drawn at twice the size so that its finest threads are smooth. */
const seahorses = [
  'mandelbrot=size=3200x1800:start_scale=0.0052:end_scale=0.0052:maxiter=2000:inner=black',
  'start_x=-0.743643887037158704752191506114774',
  'start_y=0.131825904205311970493132056385139',
].join(':')

const quiet = ['ffmpeg', '-v', 'error', '-y']
const anonymous = ['-map_metadata', '-1', '-fflags', '+bitexact']
const jpeg = (quality: number) => ['-frames:v', '1', '-q:v', String(quality), '-pix_fmt', 'yuvj420p', ...anonymous]
const out = (name: string) => join('samples', name)

const JOBS: readonly (readonly string[])[] = [
  [
    ...quiet,
    ...['-f', 'lavfi', '-i', `${silk('magma')},noise=alls=5:allf=t`],
    ...['-f', 'lavfi', '-i', `aevalsrc='${chord(1)}|${chord(1.003)}':sample_rate=48000`],
    ...['-af', `aecho=0.8:0.7:90|210:0.3|0.2,afade=t=in:d=3,afade=t=out:st=${SECONDS - 4}:d=4,volume=1.6`],
    ...['-t', String(SECONDS), '-c:v', 'libx264', '-preset', 'slow', '-threads', '1', '-profile:v', 'high'],
    ...['-b:v', '800k', '-maxrate', '1200k', '-bufsize', '2400k', '-g', '48', '-pix_fmt', 'yuv420p'],
    ...['-c:a', 'aac', '-b:a', '128k', '-movflags', '+faststart', ...anonymous, out('slow-light.mp4')],
  ],
  [...quiet, '-f', 'lavfi', '-i', silk('magma', '6'), ...jpeg(3), out('slow-light.thumbnail.jpg')],
  [
    ...quiet,
    ...[
      '-f',
      'lavfi',
      '-i',
      seahorses,
      '-vf',
      'scale=1600:900:flags=area,format=gray,format=yuv444p,pseudocolor=preset=magma',
    ],
    ...jpeg(4),
    out('seahorse-valley.jpg'),
  ],
  [
    ...quiet,
    '-i',
    out('seahorse-valley.jpg'),
    '-vf',
    'scale=640:360:flags=area',
    ...jpeg(5),
    out('seahorse-valley.thumbnail.jpg'),
  ],
  [...quiet, '-f', 'lavfi', '-i', silk('viridis', '40'), ...jpeg(3), out('how-a-slice-is-paid.thumbnail.jpg')],
]

prepareEnvironment()
await requireProgram(FFMPEG)
for (const job of JOBS) {
  const { exitCode, output, seconds } = await runCommand(job)
  if (exitCode !== 0) throw new Error(`ffmpeg failed for ${job.at(-1)}:\n${output}`)
  console.log(`${job.at(-1)} in ${seconds.toFixed(1)} s`)
}
