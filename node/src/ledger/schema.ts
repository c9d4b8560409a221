/** Amounts are decimal text: base units of a token do not fit in 64 bits. `schema[i]` leads from version i to i + 1. */
export const LEDGER_SCHEMA = [
  `CREATE TABLE channels (
     channel_id TEXT PRIMARY KEY,
     payer TEXT NOT NULL,
     payee TEXT NOT NULL,
     token TEXT NOT NULL,
     qx TEXT NOT NULL,
     qy TEXT NOT NULL,
     salt TEXT NOT NULL,
     deposit TEXT NOT NULL,
     claimed TEXT NOT NULL,
     closes_at INTEGER NOT NULL,
     challenge INTEGER NOT NULL,
     cumulative TEXT,
     tick_root TEXT,
     tick_value TEXT,
     max_ticks INTEGER,
     r TEXT,
     s TEXT,
     tick TEXT,
     ticks INTEGER
   ) STRICT, WITHOUT ROWID;
   CREATE INDEX channels_by_payer ON channels (payer, token);
   CREATE TABLE accounts (
     wallet TEXT NOT NULL,
     root TEXT NOT NULL,
     token TEXT NOT NULL,
     owed TEXT NOT NULL,
     paid TEXT NOT NULL,
     slices INTEGER NOT NULL,
     PRIMARY KEY (wallet, root, token)
   ) STRICT, WITHOUT ROWID;
   CREATE INDEX accounts_by_root ON accounts (root);
   CREATE TABLE grants (digest TEXT PRIMARY KEY, bytes INTEGER NOT NULL) STRICT, WITHOUT ROWID;
   CREATE TABLE claims (
     id INTEGER PRIMARY KEY,
     channel_id TEXT NOT NULL REFERENCES channels,
     amount TEXT NOT NULL,
     tx_hash TEXT NOT NULL,
     at INTEGER NOT NULL,
     UNIQUE (channel_id, tx_hash)
   ) STRICT;
   CREATE TABLE payer_channels (
     channel_id TEXT PRIMARY KEY,
     payer TEXT NOT NULL,
     payee TEXT NOT NULL,
     token TEXT NOT NULL,
     qx TEXT NOT NULL,
     qy TEXT NOT NULL,
     salt TEXT NOT NULL,
     deposit TEXT NOT NULL,
     state TEXT NOT NULL,
     deadline INTEGER NOT NULL,
     peer_id TEXT,
     cumulative TEXT,
     seed TEXT,
     tick_root TEXT,
     tick_value TEXT,
     max_ticks INTEGER,
     ticks INTEGER
   ) STRICT, WITHOUT ROWID;
   CREATE INDEX payer_channels_by_payee ON payer_channels (payee, payer);
   CREATE TABLE losses (
     payee TEXT NOT NULL,
     root TEXT NOT NULL,
     amount TEXT NOT NULL,
     PRIMARY KEY (payee, root)
   ) STRICT, WITHOUT ROWID;`,
] as const
