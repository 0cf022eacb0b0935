using System.Text;
using IotOps.Emulator.Http;
using IotOps.Emulator.Logs.Queries;

namespace IotOps.Emulator.Logs;

/// <summary>What StartQuery asks for: groups, a time and a query.</summary>
internal static class QueryInput
{
    private const int MaxGroups = 50;
    private const int MaxText = 10_000;

    // Seconds up to here, milliseconds beyond: the service takes both.
    private const long MostSeconds = 99_999_999_999;

    private static readonly string[] GroupMembers = ["logGroupName", "logGroupNames", "logGroupIdentifiers"];

    public static LogGroup[] Groups(JsonInput input, LogStore store)
    {
        string? name = input.Text(GroupMembers[0]);
        IReadOnlyList<string>? names = input.Texts(GroupMembers[1]);
        IReadOnlyList<string>? identifiers = input.Texts(GroupMembers[2]);
        int given = (name is null ? 0 : 1) + (names is null ? 0 : 1) + (identifiers is null ? 0 : 1);
        if (given != 1)
        {
            throw new Refusal(400, "InvalidParameterException", $"Exactly one of {string.Join(", ", GroupMembers)} must be given.");
        }

        IEnumerable<string> groups = name is not null ? [Constraint.GroupName(name)]
            : names is not null ? names.Select(one => Constraint.GroupName(one, GroupMembers[1]))
            : identifiers!.Select(one => Constraint.Identified(one, GroupMembers[2]));
        LogGroup[] found = [.. groups.Select(store.Group)];
        return found.Length is > 0 and <= MaxGroups
            ? found
            : throw new Refusal(400, "InvalidParameterException", $"A query has 1 to {MaxGroups} log groups, not {found.Length}.");
    }

    /// <summary>The first and the last millisecond.</summary>
    public static (long Start, long End) Period(JsonInput input)
    {
        long start = Constraint.Time(input, "startTime") ?? throw Constraint.Violated("null", "startTime", "Member must not be null");
        long end = Constraint.Time(input, "endTime") ?? throw Constraint.Violated("null", "endTime", "Member must not be null");
        start = start <= MostSeconds ? start * 1_000 : start;
        end = end <= MostSeconds ? (end * 1_000) + 999 : end;
        return start <= end ? (start, end) : throw new Refusal(400, "InvalidParameterException", "The startTime is behind the endTime.");
    }

    public static string Text(JsonInput input)
    {
        if (input.Text("queryString") is null)
        {
            throw Constraint.Violated("null", "queryString", "Member must not be null");
        }

        return Constraint.AtMost(input, "queryString", MaxText);
    }

    /// <summary>The events of groups in a time.</summary>
    public static IEnumerable<QueryEvent> Events(IEnumerable<LogGroup> groups, long start, long end, string account)
    {
        foreach (LogGroup group in groups)
        {
            foreach (LogStream stream in group.Streams.Values.OrderBy(static one => one.Name, StringComparer.Ordinal))
            {
                StoredEvent[] events = stream.Sorted();
                for (int i = EventSearch.FirstAtOrAfter(events, new EventKey(start, 0)); i < events.Length && events[i].Key.Timestamp <= end; i++)
                {
                    yield return new QueryEvent(
                        events[i].Key.Timestamp, events[i].Batch.Ingestion, Encoding.UTF8.GetString(events[i].Message), stream.Name, $"{account}:{group.Name}", events[i].Key.ToString());
                }
            }
        }
    }
}
