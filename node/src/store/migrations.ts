/** How `node.db` came to be, version by version; append only. */
export const NODE_MIGRATIONS: readonly string[] = [
  `CREATE TABLE contents (
     root TEXT PRIMARY KEY,
     content_id TEXT,
     version INTEGER,
     chain_kind TEXT NOT NULL CHECK (chain_kind IN ('sealed', 'open')),
     manifest_cid TEXT NOT NULL,
     title TEXT NOT NULL,
     mime TEXT NOT NULL,
     slice_count INTEGER NOT NULL,
     byte_length INTEGER NOT NULL,
     origin INTEGER NOT NULL,
     pinned INTEGER NOT NULL,
     bits BLOB NOT NULL,
     used_at INTEGER NOT NULL
   ) STRICT;
   CREATE INDEX contents_by_content_id ON contents (content_id);
   CREATE TABLE uploads (
     id TEXT PRIMARY KEY,
     chain_kind TEXT NOT NULL CHECK (chain_kind IN ('sealed', 'open')),
     slice_count INTEGER NOT NULL,
     last_length INTEGER,
     bits BLOB NOT NULL,
     created_at INTEGER NOT NULL
   ) STRICT;
   CREATE TABLE blocks (cid TEXT PRIMARY KEY, bytes BLOB NOT NULL) STRICT;
   CREATE TABLE peers (peer_id TEXT PRIMARY KEY, multiaddrs TEXT NOT NULL, seen_at INTEGER NOT NULL) STRICT;
   CREATE TABLE settings (name TEXT PRIMARY KEY, value TEXT NOT NULL) STRICT`,
  `ALTER TABLE contents ADD COLUMN doubtful INTEGER NOT NULL DEFAULT 0;
   ALTER TABLE contents ADD COLUMN scrubbed_at INTEGER NOT NULL DEFAULT 0`,
  `ALTER TABLE contents ADD COLUMN replicas INTEGER NOT NULL DEFAULT 0;
   ALTER TABLE contents ADD COLUMN offered INTEGER NOT NULL DEFAULT 0`,
  `CREATE TABLE block_uses (
     root TEXT NOT NULL,
     cid TEXT NOT NULL,
     PRIMARY KEY (root, cid)
   ) STRICT, WITHOUT ROWID;
   CREATE INDEX block_uses_by_cid ON block_uses (cid)`,
  `CREATE TABLE social_submissions (id TEXT PRIMARY KEY, post BLOB NOT NULL, submitted_at INTEGER NOT NULL) STRICT`,
  `ALTER TABLE contents ADD COLUMN generation INTEGER NOT NULL DEFAULT 0`,
]
