import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import { sniffPicture } from './picture.ts'

const bytes = (text: string) => Uint8Array.from(text, (character) => character.charCodeAt(0))

describe('sniffPicture', () => {
  it('knows the pictures that cannot run script', () => {
    assert.equal(sniffPicture(bytes('\x89PNG\r\n\x1a\n....')), 'image/png')
    assert.equal(sniffPicture(bytes('\xff\xd8\xff\xe0')), 'image/jpeg')
    assert.equal(sniffPicture(bytes('GIF89a')), 'image/gif')
    assert.equal(sniffPicture(bytes('RIFF....WEBPVP8 ')), 'image/webp')
    assert.equal(sniffPicture(bytes('....ftypavif')), 'image/avif')
  })

  it('takes nothing else for a picture', () => {
    for (const text of ['', '<svg xmlns="http://www.w3.org/2000/svg"/>', '<html>', 'RIFF....WAVE', '....ftypmp42']) {
      assert.equal(sniffPicture(bytes(text)), undefined)
    }
  })
})
