using System.Data.Common;
using System.Runtime.InteropServices;
using IotOps.Fleet;

namespace IotOps.Samples.FleetConsole.Store.Sql;

/// <summary>Writes lifecycle events, who is connected by them, and counts both.</summary>
internal sealed class ConnectionWriter(ISqlDatabase database, SegmentTable segments)
{
    /// <summary>Of what no event told: any version comes after it.</summary>
    public const long NoVersion = long.MinValue;

    public int Write(DbConnection connection, IReadOnlyList<LifecycleEvent> events, Refusals refusals)
    {
        LifecycleEvent[] good = [.. events.Where(one => IsKept(one.Kind) && !refusals.HasEvent(one.Time, 0, one.ClientId, one.Session, one.Principal, one.IPAddress, one.DisconnectReason, one.ConnectFailureReason))];
        if (good.Length == 0)
        {
            return 0;
        }

        database.PrepareDays(connection, good.Min(one => one.Time).ToUnixTimeMilliseconds(), good.Max(one => one.Time).ToUnixTimeMilliseconds());
        Dictionary<(long Minute, long Set), Counts> counts = [];
        int added = 0;
        foreach (LifecycleEvent one in good)
        {
            if (!Insert(connection, one))
            {
                continue;
            }

            added++;
            long set = segments.SetOf(connection, one.ThingName ?? one.ClientId);
            ref Counts count = ref CollectionsMarshal.GetValueRefOrAddDefault(counts, (Rollup.Start(one.Time.ToUnixTimeMilliseconds(), 1), set), out _);
            count.Connected += one.Kind == LifecycleEventKind.Connected ? 1 : 0;
            count.Disconnected += one.Kind == LifecycleEventKind.Disconnected ? 1 : 0;
            count.Refused += one.Kind == LifecycleEventKind.ConnectFailed ? 1 : 0;
            count.Offline += Apply(connection, one, set);
        }

        Count(connection, counts);
        return added;
    }

    private static bool IsKept(LifecycleEventKind kind) => kind is LifecycleEventKind.Connected or LifecycleEventKind.Disconnected or LifecycleEventKind.ConnectFailed;

    private static bool Insert(DbConnection connection, LifecycleEvent one)
    {
        long key = RowHash.Of($"{(int)one.Kind}|{one.ClientId}|{one.Version}|{one.Session}|{one.ConnectFailureReason}");
        return connection.Run(
            """
            INSERT INTO connections (time, key, client, kind, version, session, reason, address, principal)
            VALUES (@time, @key, @client, @kind, @version, @session, @reason, @address, @principal) ON CONFLICT DO NOTHING
            """,
            ("time", one.Time.ToUnixTimeMilliseconds()), ("key", key), ("client", one.ClientId), ("kind", (long)one.Kind), ("version", one.Version ?? NoVersion), ("session", one.Session ?? ""),
            ("reason", one.DisconnectReason ?? one.ConnectFailureReason ?? ""), ("address", one.IPAddress ?? ""), ("principal", one.Principal ?? "")) == 1;
    }

    // How many more clients are offline.
    private static int Apply(DbConnection connection, LifecycleEvent one, long set)
    {
        if (one.Version is null)
        {
            return 0;
        }

        ClientConnection? known = connection.One(
            "SELECT connected, since, version, session, reason FROM clients WHERE client = @client",
            reader => new ClientConnection(one.ClientId, reader.GetInt64(0) == 1, reader.Time(1), reader.GetInt64(2), reader.GetString(3), reader.GetString(4)),
            ("client", one.ClientId));
        bool isConnected = one.Kind == LifecycleEventKind.Connected;
        if (known is null)
        {
            connection.Run(
                """
                INSERT INTO clients (client, connected, since, version, session, reason, address, principal, segments)
                VALUES (@client, @connected, @since, @version, @session, @reason, @address, @principal, @segments)
                """,
                [.. Values(one), ("address", one.IPAddress ?? ""), ("principal", one.Principal ?? ""), ("segments", set)]);
            return isConnected ? 0 : 1;
        }

        if (!Follows(known, one))
        {
            return 0;
        }

        connection.Run(
            """
            UPDATE clients SET connected = @connected, since = @since, version = @version, session = @session, reason = @reason,
                address = CASE WHEN @address = '' THEN address ELSE @address END, principal = CASE WHEN @principal = '' THEN principal ELSE @principal END
            WHERE client = @client
            """,
            [.. Values(one), ("address", one.IPAddress ?? ""), ("principal", one.Principal ?? "")]);
        return (known.IsConnected ? 1 : 0) - (isConnected ? 1 : 0);
    }

    // The rule of versions, resets and repetitions is the tracker's.
    private static bool Follows(ClientConnection known, LifecycleEvent one)
    {
        var tracker = new ConnectionTracker();
        tracker.Apply(
            new LifecycleEvent(known.IsConnected ? LifecycleEventKind.Connected : LifecycleEventKind.Disconnected, known.ClientId, known.Since)
            {
                Version = known.Version,
                Session = known.Session is "" ? null : known.Session,
            },
            known.Since);
        return tracker.Apply(one, one.Time) is ConnectionUpdate.Applied or ConnectionUpdate.Reset;
    }

    private static (string Name, object? Value)[] Values(LifecycleEvent one) =>
    [
        ("client", one.ClientId), ("connected", one.Kind == LifecycleEventKind.Connected ? 1L : 0L), ("since", one.Time.ToUnixTimeMilliseconds()), ("version", one.Version!.Value),
        ("session", one.Session ?? ""), ("reason", one.Kind == LifecycleEventKind.Connected ? "" : one.DisconnectReason ?? ""),
    ];

    private void Count(DbConnection connection, Dictionary<(long Minute, long Set), Counts> counts)
    {
        Dictionary<(int Size, long Segment, long Start), Counts> sums = [];
        foreach (((long minute, long set), Counts count) in counts)
        {
            foreach (long segment in segments.SegmentsOf(connection, set).Prepend(0))
            {
                foreach (int size in Rollup.Sizes)
                {
                    ref Counts sum = ref CollectionsMarshal.GetValueRefOrAddDefault(sums, (size, segment, Rollup.Start(minute, size)), out _);
                    sum = new Counts(sum.Connected + count.Connected, sum.Disconnected + count.Disconnected, sum.Refused + count.Refused, sum.Offline + count.Offline);
                }
            }
        }

        foreach (((int size, long segment, long start), Counts sum) in sums.OrderBy(one => one.Key))
        {
            connection.Run(
                """
                INSERT INTO connection_counts (size, segment, start, connected, disconnected, refused, offline)
                VALUES (@size, @segment, @start, @connected, @disconnected, @refused, @offline)
                ON CONFLICT (size, segment, start) DO UPDATE SET connected = connection_counts.connected + excluded.connected,
                    disconnected = connection_counts.disconnected + excluded.disconnected, refused = connection_counts.refused + excluded.refused,
                    offline = connection_counts.offline + excluded.offline
                """,
                ("size", (long)size), ("segment", segment), ("start", start), ("connected", sum.Connected), ("disconnected", sum.Disconnected), ("refused", sum.Refused),
                ("offline", sum.Offline));
        }
    }

    /// <summary>What is counted of a bucket; offline is by how many clients more are offline at its end than at its beginning.</summary>
    private record struct Counts(long Connected, long Disconnected, long Refused, long Offline);
}
