import { buildModule } from '@nomicfoundation/hardhat-ignition/modules'

/** The contracts of one deployment. None has an owner, so nothing is left to configure after it. */
export default buildModule('Sluice', (m) => {
  const registry = m.contract('MetaHashRegistry')
  const keys = m.contract('ContentKeys', [registry])
  const market = m.contract('KeyMarket', [keys])
  const channels = m.contract('SliceChannels')
  const nodes = m.contract('NodeRegistry')
  const social = m.contract('SocialGraph', [channels, keys, registry])
  return { registry, keys, market, channels, nodes, social }
})
