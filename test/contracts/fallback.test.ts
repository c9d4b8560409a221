import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import { network } from 'hardhat'
import SluiceModule from '../../ignition/modules/Sluice.ts'
import { generateSession, hashOpenIntent, signDigest } from '../../sdk/src/session/index.ts'
import { signSocialAction, SOCIAL_REFUSALS } from '../../sdk/src/social/index.ts'
import { NATIVE } from './support/fixture.ts'

/** A chain from before EIP-7951, without the secp256r1 precompile. */
const { viem, ignition, networkHelpers } = await network.create({ override: { hardfork: 'prague' } })

describe('SliceChannels without the secp256r1 precompile', () => {
  it('verifies signatures in Solidity, and refuses wrong ones', async () => {
    const { channels } = await ignition.deploy(SluiceModule)
    const [payer, payee] = await viem.getWalletClients()
    assert.ok(payer && payee)
    const client = await viem.getPublicClient()
    const session = await generateSession()
    const time = BigInt(await networkHelpers.time.latest())
    await channels.write.depositAndAuthorize([NATIVE, 9n, session.publicKey, 9n, time + 600n], { value: 9n })
    const intent = {
      payer: payer.account.address,
      payee: payee.account.address,
      token: NATIVE,
      amount: 9n,
      challenge: 0,
      session: session.publicKey,
      salt: NATIVE.padEnd(66, '0') as `0x${string}`,
      deadline: time + 60n,
    }
    const domain = { chainId: await client.getChainId(), channels: channels.address }
    const signature = await signDigest(session, hashOpenIntent(domain, intent))
    const forged = { r: signature.s, s: signature.s }
    await viem.assertions.revertWithCustomError(
      channels.write.open([intent, forged]),
      channels,
      'SliceChannels_SignatureInvalid',
    )
    await channels.write.open([intent, signature])
    const channelId = await channels.read.channelIdOf([intent])
    assert.equal((await channels.read.channelOf([channelId])).deposit, 9n)
  })
})

describe('SocialGraph without the secp256r1 precompile', () => {
  it('verifies signatures in Solidity, and skips wrong ones', async () => {
    const { channels, social } = await ignition.deploy(SluiceModule)
    const [payer] = await viem.getWalletClients()
    assert.ok(payer)
    const client = await viem.getPublicClient()
    const session = await generateSession()
    const time = BigInt(await networkHelpers.time.latest())
    await channels.write.authorize([session.publicKey, NATIVE, 0n, time + 600n])
    const good = await signSocialAction(session, {
      domain: { chainId: await client.getChainId(), social: social.address },
      wallet: payer.account.address,
      deed: { kind: 'handle', handle: 'ada' },
      ...{ nonce: 0n, issuedAt: time, deadline: time + 600n },
    })
    const forged = { ...good, signature: { r: good.signature.s, s: good.signature.s } }
    const { result } = await social.simulate.submit([[forged, good]])
    assert.deepEqual(result, [SOCIAL_REFUSALS.indexOf('signature-invalid'), 0])
    await social.write.submit([[forged, good]])
    assert.equal(await social.read.handleOf([payer.account.address]), 'ada')
  })
})
