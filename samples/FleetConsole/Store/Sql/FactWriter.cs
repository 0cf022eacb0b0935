using System.Data.Common;
using System.Text.Json;

namespace IotOps.Samples.FleetConsole.Store.Sql;

/// <summary>Writes trail records, digests, findings, things and documents.</summary>
internal sealed class FactWriter(ISqlDatabase database, SegmentTable segments)
{
    public int WriteThings(DbConnection connection, IReadOnlyList<ThingFacts> things, Refusals refusals)
    {
        int added = 0;
        foreach (ThingFacts thing in things.OrderBy(one => one.Name, StringComparer.Ordinal))
        {
            if (refusals.HasFact(DateTimeOffset.UnixEpoch, thing.Json.Length, [thing.Name, .. thing.Segments]))
            {
                continue;
            }

            long set = segments.Set(connection, thing.Segments);
            added += connection.Run(
                "INSERT INTO things (name, segments, json) VALUES (@name, @segments, @json) ON CONFLICT (name) DO UPDATE SET segments = excluded.segments, json = excluded.json",
                ("name", thing.Name), ("segments", set), ("json", thing.Json));
            connection.Run("UPDATE clients SET segments = @segments WHERE client = @client", ("segments", set), ("client", thing.Name));
            if (thing.IsConnected is { } isConnected)
            {
                // Without a version: any lifecycle event says more than this.
                connection.Run(
                    """
                    INSERT INTO clients (client, connected, since, version, session, reason, address, principal, segments)
                    VALUES (@client, @connected, @since, @version, '', '', '', '', @segments) ON CONFLICT DO NOTHING
                    """,
                    ("client", thing.Name), ("version", ConnectionWriter.NoVersion), ("connected", isConnected ? 1L : 0L), ("since", (thing.ConnectedSince ?? DateTimeOffset.UnixEpoch).ToUnixTimeMilliseconds()), ("segments", set));
            }

            segments.Changed(thing.Name, set);
        }

        return added;
    }

    public static int WriteDocuments(DbConnection connection, IReadOnlyList<DeviceDocument> documents, Refusals refusals)
    {
        int added = 0;
        foreach (DeviceDocument document in documents.OrderBy(one => one.Thing, StringComparer.Ordinal).ThenBy(one => one.Name, StringComparer.Ordinal))
        {
            added += refusals.HasFact(document.Time, document.Json.Length, document.Thing, document.Name) ? 0 : connection.Run(
                """
                INSERT INTO documents (thing, name, time, json) VALUES (@thing, @name, @time, @json)
                ON CONFLICT (thing, name) DO UPDATE SET time = excluded.time, json = excluded.json WHERE documents.time < excluded.time
                """,
                ("thing", document.Thing), ("name", document.Name), ("time", document.Time.ToUnixTimeMilliseconds()), ("json", document.Json));
        }

        return added;
    }

    public int WriteTrail(DbConnection connection, IReadOnlyList<TrailRow> rows, Refusals refusals)
    {
        TrailRow[] good = [.. rows.Where(row => !refusals.HasEvent(row.Time, row.Json.Length, row.EventId, row.Service, row.Name, row.Actor, row.Address, row.Resource, row.Error))];
        if (good.Length == 0)
        {
            return 0;
        }

        database.PrepareDays(connection, good.Min(row => row.Time).ToUnixTimeMilliseconds(), good.Max(row => row.Time).ToUnixTimeMilliseconds());
        Dictionary<(long Hour, string Actor, long Credentials), long> writes = [];
        int added = 0;
        foreach (TrailRow row in good)
        {
            if (connection.Run(
                """
                INSERT INTO trail (time, key, event_id, service, name, actor, credentials, address, resource, is_write, error, json)
                VALUES (@time, @key, @id, @service, @name, @actor, @credentials, @address, @resource, @write, @error, @json) ON CONFLICT DO NOTHING
                """,
                ("time", row.Key.Time), ("key", row.Key.Key), ("id", row.EventId), ("service", row.Service), ("name", row.Name), ("actor", row.Actor), ("credentials", (long)row.Credentials),
                ("address", row.Address ?? ""), ("resource", row.Resource ?? ""), ("write", row.IsWrite ? 1L : 0L), ("error", row.Error ?? ""), ("json", row.Json)) == 1)
            {
                added++;
                if (row.IsWrite)
                {
                    (long, string, long) key = (Rollup.Start(row.Key.Time, 60), row.Actor, (long)row.Credentials);
                    writes[key] = writes.GetValueOrDefault(key) + 1;
                }
            }
        }

        foreach (((long hour, string actor, long credentials), long count) in writes.OrderBy(one => one.Key.Hour).ThenBy(one => one.Key.Actor, StringComparer.Ordinal).ThenBy(one => one.Key.Credentials))
        {
            connection.Run(
                """
                INSERT INTO trail_counts (hour, actor, credentials, writes) VALUES (@hour, @actor, @credentials, @writes)
                ON CONFLICT (hour, actor, credentials) DO UPDATE SET writes = trail_counts.writes + excluded.writes
                """,
                ("hour", hour), ("actor", actor), ("credentials", credentials), ("writes", count));
        }

        return added;
    }

    public static int WriteDigests(DbConnection connection, IReadOnlyList<DigestHour> digests) => digests.OrderBy(one => one.Hour).Sum(digest => connection.Run(
        """
        INSERT INTO digests (hour, verdict, detail, checked) VALUES (@hour, @verdict, @detail, @checked)
        ON CONFLICT (hour) DO UPDATE SET verdict = excluded.verdict, detail = excluded.detail, checked = excluded.checked WHERE digests.checked < excluded.checked
        """,
        ("hour", Rollup.Start(digest.Hour.ToUnixTimeMilliseconds(), 60)), ("verdict", (long)digest.Verdict), ("detail", digest.Detail ?? ""), ("checked", digest.Checked.ToUnixTimeMilliseconds())));

    public static int WriteFindings(DbConnection connection, IReadOnlyList<ConsoleFinding> findings, Refusals refusals)
    {
        int added = 0;
        foreach (ConsoleFinding one in findings.OrderBy(one => one.Key, StringComparer.Ordinal))
        {
            if (refusals.HasFact(one.Updated, one.Json?.Length ?? 0, one.Key, one.Check, one.Resource, one.Thing))
            {
                continue;
            }

            added += connection.Run(
                """
                INSERT INTO findings (key, source, severity, check_name, resource, thing, detail, found, updated, state, count, expected, probability, members, json)
                VALUES (@key, @source, @severity, @check, @resource, @thing, @detail, @found, @updated, @state, @count, @expected, @probability, @members, @json)
                ON CONFLICT (key) DO UPDATE SET severity = excluded.severity, check_name = excluded.check_name, resource = excluded.resource, thing = excluded.thing,
                    detail = excluded.detail, found = CASE WHEN findings.found < excluded.found THEN findings.found ELSE excluded.found END, updated = excluded.updated,
                    state = excluded.state, count = excluded.count, expected = excluded.expected, probability = excluded.probability, members = excluded.members, json = excluded.json
                WHERE findings.updated < excluded.updated
                """,
                ("key", one.Key), ("source", (long)one.Source), ("severity", (long)one.Severity), ("check", one.Check), ("resource", one.Resource), ("thing", one.Thing ?? ""),
                ("detail", one.Detail.Replace('\0', ' ')), ("found", one.Found.ToUnixTimeMilliseconds()), ("updated", one.Updated.ToUnixTimeMilliseconds()), ("state", (long)one.State),
                ("count", one.Count ?? -1), ("expected", one.Expected ?? -1d), ("probability", one.Probability ?? -1d),
                ("members", JsonSerializer.Serialize(one.Members, StoreJson.Default.IReadOnlyListString)), ("json", one.Json ?? ""));
        }

        return added;
    }
}
