"""The full-text table beside `search_text`: FTS5 on SQLite, `tsvector` on PostgreSQL, kept by triggers.

Texts are folded into words in Python (`app/services/searching/search_words.py`), so no database has an opinion
about accents, scripts or what a word is. Made again after each upgrade, from the entries as they stand.
"""

from __future__ import annotations

from sqlalchemy import Connection, text

NAME = "search_words"
TRIGGERS = {f"search_text_words_{verb}" for verb in ("insert", "update", "delete")}


def install(connection: Connection) -> None:
    """Make table and triggers anew and fill the table."""
    remove(connection)
    if not connection.dialect.has_table(connection, "search_text"):
        return  # an older version of the database
    statements = _SQLITE if connection.dialect.name == "sqlite" else _POSTGRESQL
    for statement in statements.split("\n--\n"):
        connection.execute(text(statement))


def remove(connection: Connection) -> None:
    on = "" if connection.dialect.name == "sqlite" else " ON search_text"
    if connection.dialect.has_table(connection, "search_text"):
        for name in sorted(TRIGGERS):
            connection.execute(text(f"DROP TRIGGER IF EXISTS {name}{on}"))
    connection.execute(text(f"DROP TABLE IF EXISTS {NAME}"))


def with_words(connection: Connection, words: list[str]) -> frozenset[int]:
    """Give the numbers of the entries that have words which begin with each of these folded ones.

    Asked on its own: as a part of a larger question SQLite would ask it again for every row.
    """
    if connection.dialect.name == "sqlite":
        query = "SELECT rowid FROM search_words WHERE search_words MATCH :words"
        asked = " ".join(f'"{word}"*' for word in words)
    else:
        query = "SELECT no FROM search_words WHERE words @@ CAST(:words AS tsquery)"
        asked = " & ".join(f"'{word}':*" for word in words)
    return frozenset(connection.scalars(text(query), {"words": asked}))


_SQLITE = """
CREATE VIRTUAL TABLE search_words USING fts5(words, content='search_text', content_rowid='no', columnsize=0,
    prefix='2 3', tokenize='unicode61 remove_diacritics 2')
--
CREATE TRIGGER search_text_words_insert AFTER INSERT ON search_text BEGIN
    INSERT INTO search_words(rowid, words) VALUES (NEW.no, NEW.words); END
--
CREATE TRIGGER search_text_words_update AFTER UPDATE OF words ON search_text BEGIN
    INSERT INTO search_words(search_words, rowid, words) VALUES ('delete', OLD.no, OLD.words);
    INSERT INTO search_words(rowid, words) VALUES (NEW.no, NEW.words); END
--
CREATE TRIGGER search_text_words_delete AFTER DELETE ON search_text BEGIN
    INSERT INTO search_words(search_words, rowid, words) VALUES ('delete', OLD.no, OLD.words); END
--
INSERT INTO search_words(search_words) VALUES ('rebuild')
"""
# array_to_tsvector takes the words as they are: no parser of the database has a say.
_POSTGRESQL = """
CREATE TABLE search_words (no integer PRIMARY KEY, words tsvector)
--
CREATE INDEX search_words_words ON search_words USING gin (words)
--
CREATE OR REPLACE FUNCTION keep_search_words() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN
    IF TG_OP <> 'INSERT' THEN DELETE FROM search_words WHERE no = OLD.no; END IF;
    IF TG_OP <> 'DELETE' THEN
        INSERT INTO search_words VALUES (NEW.no, array_to_tsvector(string_to_array(NEW.words, ' ')));
    END IF; RETURN NULL; END $$
--
CREATE TRIGGER search_text_words_insert AFTER INSERT ON search_text FOR EACH ROW EXECUTE FUNCTION keep_search_words()
--
CREATE TRIGGER search_text_words_update AFTER UPDATE OF words ON search_text
    FOR EACH ROW EXECUTE FUNCTION keep_search_words()
--
CREATE TRIGGER search_text_words_delete AFTER DELETE ON search_text FOR EACH ROW EXECUTE FUNCTION keep_search_words()
--
INSERT INTO search_words SELECT no, array_to_tsvector(string_to_array(words, ' ')) FROM search_text
"""
