-- A ledger as schema 2 created it.
CREATE TABLE meta (
	name VARCHAR NOT NULL,
	value VARCHAR NOT NULL,
	PRIMARY KEY (name)
);
CREATE TABLE generations (
	number INTEGER NOT NULL,
	manifest JSON NOT NULL,
	live INTEGER NOT NULL,
	PRIMARY KEY (number)
);
CREATE TABLE articles (
	id VARCHAR NOT NULL,
	live_version INTEGER,
	PRIMARY KEY (id)
);
CREATE INDEX ix_articles_live_version ON articles (live_version);
CREATE TABLE versions (
	"key" INTEGER NOT NULL PRIMARY KEY AUTOINCREMENT,
	article_id VARCHAR NOT NULL,
	version VARCHAR NOT NULL,
	meta_version VARCHAR NOT NULL,
	url VARCHAR,
	title VARCHAR,
	author VARCHAR,
	outlet VARCHAR,
	language VARCHAR,
	published_at VARCHAR,
	modified_at VARCHAR,
	fetched_at VARCHAR,
	source VARCHAR,
	origins JSON NOT NULL,
	published_day INTEGER,
	story INTEGER,
	text TEXT NOT NULL,
	FOREIGN KEY(article_id) REFERENCES articles (id)
);
CREATE INDEX ix_versions_article_id ON versions (article_id);
CREATE INDEX versions_by_author ON versions (author, published_day);
CREATE INDEX versions_by_language ON versions (language, published_day);
CREATE INDEX versions_by_story ON versions (story);
CREATE INDEX versions_by_day ON versions (published_day);
CREATE INDEX versions_by_outlet ON versions (outlet, published_day);
CREATE TABLE passages (
	"key" INTEGER NOT NULL PRIMARY KEY AUTOINCREMENT,
	version_key INTEGER NOT NULL,
	generation INTEGER NOT NULL,
	first INTEGER NOT NULL,
	last INTEGER NOT NULL,
	n_words INTEGER NOT NULL,
	n_sentences INTEGER NOT NULL,
	digest BIGINT NOT NULL,
	FOREIGN KEY(version_key) REFERENCES versions ("key"),
	FOREIGN KEY(generation) REFERENCES generations (number)
);
CREATE INDEX passages_by_version ON passages (version_key, generation, n_words, n_sentences);
CREATE TABLE signatures (
	version_key INTEGER NOT NULL,
	hashes BLOB NOT NULL,
	PRIMARY KEY (version_key),
	FOREIGN KEY(version_key) REFERENCES versions ("key")
);
CREATE TABLE bands (
	band BIGINT NOT NULL,
	version_key INTEGER NOT NULL,
	PRIMARY KEY (band, version_key),
	FOREIGN KEY(version_key) REFERENCES versions ("key")
)
 WITHOUT ROWID;
CREATE INDEX bands_by_version ON bands (version_key);
CREATE TABLE contents (
	passage_key INTEGER NOT NULL,
	title_words TEXT NOT NULL,
	words TEXT NOT NULL,
	numbers BLOB NOT NULL,
	spans BLOB NOT NULL,
	vectors BLOB NOT NULL,
	PRIMARY KEY (passage_key),
	FOREIGN KEY(passage_key) REFERENCES passages ("key")
);
CREATE VIRTUAL TABLE lexicon USING fts5(title_words, words, content='contents', content_rowid='passage_key', detail=none, tokenize = "unicode61 remove_diacritics 0 categories 'L* M* N* S* P* Co'");
CREATE TRIGGER contents_added AFTER INSERT ON contents BEGIN INSERT INTO lexicon(rowid, title_words, words) VALUES (new.passage_key, new.title_words, new.words); END;
CREATE TRIGGER contents_removed AFTER DELETE ON contents BEGIN INSERT INTO lexicon(lexicon, rowid, title_words, words) VALUES ('delete', old.passage_key, old.title_words, old.words); END;
CREATE VIRTUAL TABLE lexicon_words USING fts5vocab(lexicon, row);
INSERT INTO meta VALUES ('schema', '2');
