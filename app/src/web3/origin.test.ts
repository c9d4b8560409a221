import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import { contractsBy } from '@sluice/sdk/chain'
import { parseOriginInfo } from './origin.ts'

const address = (digit: string) => `0x${digit.repeat(40)}`
const INFO = {
  peerId: '12D3KooWtest',
  chainId: 31337,
  rpcUrl: 'http://127.0.0.1:8545',
  version: '0.1.0',
  contracts: contractsBy(() => address('1')),
}

describe('parseOriginInfo', () => {
  it('takes a complete answer, with or without a price and an index', () => {
    assert.deepEqual(parseOriginInfo(INFO), INFO)
    const price = { token: address('0'), amount: '5' }
    assert.deepEqual(parseOriginInfo({ ...INFO, price })?.price, { token: address('0'), amount: 5n })
    const indexUrl = 'https://index.example/sluice'
    assert.equal(parseOriginInfo({ ...INFO, indexUrl })?.indexUrl, indexUrl)
  })

  it('refuses what is not a node’s answer', () => {
    for (const body of [undefined, null, 'text', {}, { ...INFO, contracts: {} }, { ...INFO, chainId: '1' }]) {
      assert.equal(parseOriginInfo(body), undefined)
    }
  })

  it('refuses an rpc address that is not http, and contracts at address zero', () => {
    assert.equal(parseOriginInfo({ ...INFO, rpcUrl: 'javascript:alert(1)' }), undefined)
    assert.equal(parseOriginInfo({ ...INFO, contracts: { ...INFO.contracts, keys: address('0') } }), undefined)
  })

  it('ignores a price and an index that make no sense', () => {
    assert.equal('price' in (parseOriginInfo({ ...INFO, price: { token: 'x', amount: '-1' } }) ?? {}), false)
    assert.equal('indexUrl' in (parseOriginInfo({ ...INFO, indexUrl: 'javascript:alert(1)' }) ?? {}), false)
  })
})
