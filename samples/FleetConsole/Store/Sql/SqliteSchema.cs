using IotOps.Shared;

namespace IotOps.Samples.FleetConsole.Store.Sql;

/// <summary>The tables in SQLite. Times are milliseconds since 1970, and empty texts stand for none.</summary>
internal static class SqliteSchema
{
    /// <summary>Its number is the letters "FlCo".</summary>
    public static SqliteFileSchema File { get; } = new(
        """
        CREATE TABLE names (id INTEGER PRIMARY KEY, name TEXT NOT NULL UNIQUE);
        CREATE TABLE types (id INTEGER PRIMARY KEY, name TEXT NOT NULL UNIQUE);
        CREATE TABLE segments (id INTEGER PRIMARY KEY, name TEXT NOT NULL UNIQUE);
        CREATE TABLE segment_sets (id INTEGER PRIMARY KEY, name TEXT NOT NULL UNIQUE);
        CREATE TABLE templates (id INTEGER PRIMARY KEY, type INTEGER NOT NULL, reason TEXT NOT NULL, first_text TEXT NOT NULL, text TEXT NOT NULL,
            first_seen INTEGER NOT NULL, last_seen INTEGER NOT NULL, UNIQUE (type, reason, first_text));
        CREATE INDEX templates_last_seen ON templates (last_seen);
        CREATE TABLE lines (time INTEGER NOT NULL, key INTEGER NOT NULL, template INTEGER NOT NULL, segments INTEGER NOT NULL, client INTEGER NOT NULL, principal INTEGER NOT NULL,
            address INTEGER NOT NULL, rule INTEGER NOT NULL, line BLOB NOT NULL, PRIMARY KEY (time, key)) WITHOUT ROWID;
        CREATE INDEX lines_template ON lines (template, time, client, principal, address, rule, segments);
        CREATE INDEX lines_client ON lines (time / 300000, client);
        CREATE TABLE type_counts (size INTEGER NOT NULL, segment INTEGER NOT NULL, start INTEGER NOT NULL, type INTEGER NOT NULL, errors INTEGER NOT NULL,
            PRIMARY KEY (size, segment, start, type)) WITHOUT ROWID;
        CREATE TABLE template_counts (size INTEGER NOT NULL, segment INTEGER NOT NULL, template INTEGER NOT NULL, start INTEGER NOT NULL, errors INTEGER NOT NULL,
            PRIMARY KEY (size, segment, template, start)) WITHOUT ROWID;
        CREATE TABLE connections (time INTEGER NOT NULL, key INTEGER NOT NULL, client TEXT NOT NULL, kind INTEGER NOT NULL, version INTEGER NOT NULL, session TEXT NOT NULL,
            reason TEXT NOT NULL, address TEXT NOT NULL, principal TEXT NOT NULL, PRIMARY KEY (time, key)) WITHOUT ROWID;
        CREATE INDEX connections_client ON connections (client, time);
        CREATE TABLE clients (client TEXT PRIMARY KEY, connected INTEGER NOT NULL, since INTEGER NOT NULL, version INTEGER NOT NULL, session TEXT NOT NULL, reason TEXT NOT NULL,
            address TEXT NOT NULL, principal TEXT NOT NULL, segments INTEGER NOT NULL) WITHOUT ROWID;
        CREATE INDEX clients_segments ON clients (segments, connected, since);
        CREATE TABLE connection_counts (size INTEGER NOT NULL, segment INTEGER NOT NULL, start INTEGER NOT NULL, connected INTEGER NOT NULL, disconnected INTEGER NOT NULL,
            refused INTEGER NOT NULL, offline INTEGER NOT NULL, PRIMARY KEY (size, segment, start)) WITHOUT ROWID;
        CREATE TABLE trail (time INTEGER NOT NULL, key INTEGER NOT NULL, event_id TEXT NOT NULL, service TEXT NOT NULL, name TEXT NOT NULL, actor TEXT NOT NULL, credentials INTEGER NOT NULL,
            address TEXT NOT NULL, resource TEXT NOT NULL, is_write INTEGER NOT NULL, error TEXT NOT NULL, json TEXT NOT NULL, PRIMARY KEY (time, key)) WITHOUT ROWID;
        CREATE TABLE trail_counts (hour INTEGER NOT NULL, actor TEXT NOT NULL, credentials INTEGER NOT NULL, writes INTEGER NOT NULL, PRIMARY KEY (hour, actor, credentials)) WITHOUT ROWID;
        CREATE TABLE digests (hour INTEGER PRIMARY KEY, verdict INTEGER NOT NULL, detail TEXT NOT NULL, checked INTEGER NOT NULL);
        CREATE TABLE findings (key TEXT PRIMARY KEY, source INTEGER NOT NULL, severity INTEGER NOT NULL, check_name TEXT NOT NULL, resource TEXT NOT NULL, thing TEXT NOT NULL, detail TEXT NOT NULL,
            found INTEGER NOT NULL, updated INTEGER NOT NULL, state INTEGER NOT NULL, count INTEGER NOT NULL, expected REAL NOT NULL, probability REAL NOT NULL, members TEXT NOT NULL,
            json TEXT NOT NULL);
        CREATE INDEX findings_severity ON findings (severity, found);
        CREATE INDEX findings_thing ON findings (thing);
        CREATE TABLE things (name TEXT PRIMARY KEY, segments INTEGER NOT NULL, json TEXT NOT NULL);
        CREATE TABLE documents (thing TEXT NOT NULL, name TEXT NOT NULL, time INTEGER NOT NULL, json TEXT NOT NULL, PRIMARY KEY (thing, name));
        CREATE TABLE audit (number INTEGER PRIMARY KEY AUTOINCREMENT, time INTEGER NOT NULL, who TEXT NOT NULL, role TEXT NOT NULL, act TEXT NOT NULL, target TEXT NOT NULL,
            outcome TEXT NOT NULL, address TEXT NOT NULL, detail TEXT NOT NULL);
        CREATE TABLE dropped (before INTEGER PRIMARY KEY);
        CREATE TABLE feeds (feed TEXT PRIMARY KEY, position BLOB NOT NULL, written INTEGER NOT NULL, events INTEGER NOT NULL, newest INTEGER NOT NULL);
        """,
        ApplicationId: 0x466C_436F,
        Version: 1);
}
