namespace IotOps.Samples.FleetConsole.Store.Sql;

/// <summary>
/// The tables in PostgreSQL: those of SQLite, with the events partitioned by the day. See
/// https://www.postgresql.org/docs/current/ddl-partitioning.html.
/// </summary>
internal static class PostgresSchema
{
    public const int Version = 1;

    /// <summary>Of advisory locks: whoever makes tables and partitions waits for others who do.</summary>
    public const long Lock = 0x466C_436F;

    /// <summary>Tables with one partition a day.</summary>
    public static IReadOnlyList<string> Events { get; } = ["lines", "connections", "trail"];

    /// <summary>Tables of roll-ups.</summary>
    public static IReadOnlyList<string> Counts { get; } = ["type_counts", "template_counts", "connection_counts"];

    public const string Tables = """
        CREATE TABLE fleet_console (version int NOT NULL);
        CREATE TABLE names (id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY, name text NOT NULL UNIQUE);
        CREATE TABLE types (id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY, name text NOT NULL UNIQUE);
        CREATE TABLE segments (id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY, name text NOT NULL UNIQUE);
        CREATE TABLE segment_sets (id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY, name text NOT NULL UNIQUE);
        CREATE TABLE templates (id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY, type bigint NOT NULL, reason text NOT NULL, first_text text NOT NULL, text text NOT NULL,
            first_seen bigint NOT NULL, last_seen bigint NOT NULL, UNIQUE (type, reason, first_text));
        CREATE INDEX templates_last_seen ON templates (last_seen);
        CREATE TABLE lines (time bigint NOT NULL, key bigint NOT NULL, template bigint NOT NULL, segments bigint NOT NULL, client bigint NOT NULL, principal bigint NOT NULL,
            address bigint NOT NULL, rule bigint NOT NULL, line bytea NOT NULL, PRIMARY KEY (time, key)) PARTITION BY RANGE (time);
        CREATE INDEX lines_template ON lines (template, time, client, principal, address, rule, segments);
        CREATE INDEX lines_client ON lines ((time / 300000), client);
        CREATE TABLE type_counts (size bigint NOT NULL, segment bigint NOT NULL, start bigint NOT NULL, type bigint NOT NULL, errors bigint NOT NULL, PRIMARY KEY (size, segment, start, type));
        CREATE TABLE template_counts (size bigint NOT NULL, segment bigint NOT NULL, template bigint NOT NULL, start bigint NOT NULL, errors bigint NOT NULL,
            PRIMARY KEY (size, segment, template, start));
        CREATE TABLE connections (time bigint NOT NULL, key bigint NOT NULL, client text NOT NULL, kind bigint NOT NULL, version bigint NOT NULL, session text NOT NULL,
            reason text NOT NULL, address text NOT NULL, principal text NOT NULL, PRIMARY KEY (time, key)) PARTITION BY RANGE (time);
        CREATE INDEX connections_client ON connections (client, time);
        CREATE TABLE clients (client text COLLATE "C" PRIMARY KEY, connected bigint NOT NULL, since bigint NOT NULL, version bigint NOT NULL, session text NOT NULL, reason text NOT NULL,
            address text NOT NULL, principal text NOT NULL, segments bigint NOT NULL);
        CREATE INDEX clients_segments ON clients (segments, connected, since);
        CREATE TABLE connection_counts (size bigint NOT NULL, segment bigint NOT NULL, start bigint NOT NULL, connected bigint NOT NULL, disconnected bigint NOT NULL,
            refused bigint NOT NULL, offline bigint NOT NULL, PRIMARY KEY (size, segment, start));
        CREATE TABLE trail (time bigint NOT NULL, key bigint NOT NULL, event_id text NOT NULL, service text NOT NULL, name text NOT NULL, actor text NOT NULL, credentials bigint NOT NULL,
            address text NOT NULL, resource text NOT NULL, is_write bigint NOT NULL, error text NOT NULL, json text NOT NULL, PRIMARY KEY (time, key)) PARTITION BY RANGE (time);
        CREATE TABLE trail_counts (hour bigint NOT NULL, actor text NOT NULL, credentials bigint NOT NULL, writes bigint NOT NULL, PRIMARY KEY (hour, actor, credentials));
        CREATE TABLE digests (hour bigint PRIMARY KEY, verdict bigint NOT NULL, detail text NOT NULL, checked bigint NOT NULL);
        CREATE TABLE findings (key text COLLATE "C" PRIMARY KEY, source bigint NOT NULL, severity bigint NOT NULL, check_name text NOT NULL, resource text NOT NULL, thing text NOT NULL,
            detail text NOT NULL, found bigint NOT NULL, updated bigint NOT NULL, state bigint NOT NULL, count bigint NOT NULL, expected double precision NOT NULL,
            probability double precision NOT NULL, members text NOT NULL, json text NOT NULL);
        CREATE INDEX findings_severity ON findings (severity, found);
        CREATE INDEX findings_thing ON findings (thing);
        CREATE TABLE things (name text COLLATE "C" PRIMARY KEY, segments bigint NOT NULL, json text NOT NULL);
        CREATE TABLE documents (thing text NOT NULL, name text COLLATE "C" NOT NULL, time bigint NOT NULL, json text NOT NULL, PRIMARY KEY (thing, name));
        CREATE TABLE audit (number bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY, time bigint NOT NULL, who text NOT NULL, role text NOT NULL, act text NOT NULL, target text NOT NULL,
            outcome text NOT NULL, address text NOT NULL, detail text NOT NULL);
        CREATE TABLE dropped (before bigint PRIMARY KEY);
        CREATE TABLE feeds (feed text COLLATE "C" PRIMARY KEY, position bytea NOT NULL, written bigint NOT NULL, events bigint NOT NULL, newest bigint NOT NULL);
        """;
}
