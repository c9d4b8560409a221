/** What an account earned in one token, in all or on a day. */
const EARNINGS = `token {
      id
    }
    claimed
    claimCount
    sold
    referred
    royalties
    resold`

/**
 * Every question that is put to an index, as GraphQL that The Graph and our own runner both take. What varies goes into
 * variables, so that these are all there is, and a test can hold each against the schema.
 */
export const INDEX_QUERIES = {
  contents: `query Contents($where: Content_filter!, $orderBy: Content_orderBy!, $first: Int!) {
  contents(where: $where, orderBy: $orderBy, orderDirection: desc, first: $first) {
    id
    publishedAt
    trendingScore
  }
}`,
  contentSearch: `query ContentSearch($text: String!, $where: Content_filter!, $first: Int!, $skip: Int!) {
  contentSearch(text: $text, where: $where, first: $first, skip: $skip) {
    id
  }
}`,
  following: `query Following($wallet: String!, $first: Int!) {
  follows(where: { follower: $wallet }, orderBy: since, orderDirection: desc, first: $first) {
    target {
      id
    }
  }
}`,
  topic: `query Topic($topic: ID!, $reaction: ID!, $kinds: Int!) {
  topic(id: $topic) {
    reactionCount
    commentCount
    reactionKinds(where: { count_gt: 0 }, orderBy: count, orderDirection: desc, first: $kinds) {
      kind
      count
    }
  }
  content(id: $topic) {
    viewCount
  }
  reaction(id: $reaction) {
    kind
  }
}`,
  comments: `query Comments($where: Comment_filter!, $first: Int!) {
  comments(where: $where, orderBy: at, orderDirection: desc, first: $first) {
    id
    account {
      id
      handle
    }
    parent
    digest
    at
  }
}`,
  account: `query Account($address: ID!, $follow: ID!) {
  account(id: $address) {
    id
    handle
    contentCount
    followerCount
    followingCount
  }
  follow(id: $follow) {
    since
  }
}`,
  accountByHandle: `query AccountByHandle($handle: String!) {
  accounts(where: { handle: $handle }, first: 1) {
    id
  }
}`,
  keyHoldings: `query KeyHoldings($where: KeyHolding_filter!, $first: Int!) {
  keyHoldings(where: $where, orderBy: acquiredAt, orderDirection: desc, first: $first) {
    id
    edition {
      id
    }
    acquiredAt
  }
}`,
  listings: `query Listings($where: Listing_filter!, $first: Int!) {
  listings(where: $where, orderBy: unitPrice, orderDirection: asc, first: $first) {
    id
    edition {
      id
    }
    seller {
      id
    }
    unitPrice
    token {
      id
    }
    quantity
    expiry
  }
}`,
  earningsTotals: `query EarningsTotals($account: String!, $first: Int!) {
  earningsTotals(where: { account: $account }, orderBy: updatedAt, orderDirection: desc, first: $first) {
    id
    ${EARNINGS}
  }
}`,
  earningsDays: `query EarningsDays($where: EarningsDay_filter!, $first: Int!) {
  earningsDays(where: $where, orderBy: day, orderDirection: desc, first: $first) {
    id
    day
    ${EARNINGS}
  }
}`,
  head: `query Head {
  _meta {
    block {
      number
    }
  }
}`,
} as const

export type IndexQuery = keyof typeof INDEX_QUERIES
