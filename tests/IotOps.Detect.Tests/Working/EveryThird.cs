using System.Text;

namespace IotOps.Detect.Tests.Working;

/// <summary>
/// An evaluation that is simple enough to know its result beforehand: the state is the connections of a client that were seen, and every third
/// connection is an alarm.
/// </summary>
internal static class EveryThird
{
    public static DetectVerdict Evaluate(DetectRecord? record, string thing, IReadOnlyList<DetectEvent> events, DateTimeOffset now)
    {
        SortedSet<long> seen = record is null || record.State.IsEmpty ? [] : [.. Encoding.UTF8.GetString(record.State.Span).Split(' ').Select(long.Parse)];
        List<StoredAlarm> alarms = [];
        int duplicates = 0;
        foreach (ConnectionEvent connection in events.Cast<ConnectionEvent>())
        {
            long version = connection.Lifecycle.Version!.Value;
            if (!seen.Add(version))
            {
                duplicates++;
            }
            else if (version % 3 == 0)
            {
                alarms.Add(new StoredAlarm($"{thing}:{version}", connection.Time, Encoding.UTF8.GetBytes($$"""{"thing":"{{thing}}","version":{{version}}}""")));
            }
        }

        return new DetectVerdict(Encoding.UTF8.GetBytes(string.Join(' ', seen)), null, alarms, 0, duplicates);
    }

    /// <summary>The message of a client's n-th connection.</summary>
    public static string Message(string client, long version) =>
        $$"""{"clientId":"{{client}}","timestamp":{{1_700_000_000_000 + version}},"eventType":"connected","sessionIdentifier":"s","principalIdentifier":"p","ipAddress":"192.0.2.1","versionNumber":{{version}}}""";
}
