import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import { EMPTY_DRAFT, checkDraft, draftTerms, kindOf, mimeOf, titleOf } from './draft.ts'

const DRAFT = { ...EMPTY_DRAFT, title: 'A film' }

describe('checkDraft', () => {
  it('accepts the defaults once there is a title', () => {
    assert.deepEqual(checkDraft(DRAFT), {})
    assert.ok(checkDraft(EMPTY_DRAFT).title)
  })

  it('refuses amounts that the contract would refuse', () => {
    for (const price of ['', '-1', '1e3', '0.0000000000000000001', '99999999999999']) {
      assert.ok(checkDraft({ ...DRAFT, price }).price, price)
    }
    for (const supply of ['0', '-1', '1.5', '99999999999999999999']) assert.ok(checkDraft({ ...DRAFT, supply }).supply)
    for (const preview of ['51', '-1', '5.5', 'a']) assert.ok(checkDraft({ ...DRAFT, preview }).preview)
    for (const royalty of ['', '50.01', '100', '-1']) assert.ok(checkDraft({ ...DRAFT, royalty }).royalty)
  })

  it('asks nothing about a price of open content', () => {
    assert.deepEqual(checkDraft({ ...DRAFT, access: 'open', price: 'nonsense' }), {})
  })
})

describe('draftTerms', () => {
  it('turns what was typed into base units and basis points', () => {
    const terms = draftTerms({ ...DRAFT, price: '0.5', supply: '100', royalty: '2.5' })
    assert.deepEqual([terms?.price, terms?.maxSupply, terms?.royaltyBps], [5n * 10n ** 17n, 100n, 250])
  })

  it('has no royalty where keys cannot be sold on', () => {
    assert.equal(draftTerms({ ...DRAFT, transferable: false })?.royaltyBps, 0)
  })
})

describe('kindOf and mimeOf', () => {
  it('sort files by their media type', () => {
    assert.deepEqual(['video/mp4', 'audio/ogg', 'image/png', 'application/zip'].map(kindOf), [
      'media',
      'media',
      'media',
      'file',
    ])
  })

  it('make a valid media type of anything', () => {
    assert.equal(mimeOf('Text/HTML; charset=utf-8'), 'text/html')
    assert.equal(mimeOf(''), 'application/octet-stream')
    assert.equal(mimeOf('nonsense'), 'application/octet-stream')
  })
})

describe('titleOf', () => {
  it('leaves the words of a file’s name', () => {
    assert.equal(titleOf('slow_light-final.mp4'), 'slow light final')
    assert.equal(titleOf('README'), 'README')
  })
})
