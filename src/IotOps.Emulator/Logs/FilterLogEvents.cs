using System.Text.Json;
using IotOps.Emulator.Http;
using IotOps.Emulator.Logs.Patterns;

namespace IotOps.Emulator.Logs;

/// <summary>
/// FilterLogEvents: several streams merged in the order of time, narrowed by a pattern.
/// See https://docs.aws.amazon.com/AmazonCloudWatchLogs/latest/APIReference/API_FilterLogEvents.html.
/// </summary>
internal sealed class FilterLogEvents(LogStore store)
{
    private const int MaxEvents = 10_000;
    private const int MaxBytes = 1 << 20;
    private const int MaxStreams = 100;
    private const int MaxPattern = 1_024;

    public void Execute(JsonInput input, Utf8JsonWriter output)
    {
        // The order is by time with and without the first, and there is nothing masked for the second.
        input.Flag("interleaved");
        input.Flag("unmask");
        LogGroup group = store.Group(Constraint.Group(input));
        LogStream[] streams = Streams(group, input);
        var pattern = FilterPattern.Parse(Constraint.AtMost(input, "filterPattern", MaxPattern));
        int limit = Constraint.Limit(input.Number("limit"), MaxEvents);
        EventKey start = Start(input);
        long endTime = Constraint.Time(input, "endTime") ?? long.MaxValue;

        output.WriteStartObject();
        output.WriteStartArray("events"u8);
        EventKey? more = store.Options.BeginsWithEmptyLogPage && input.Text("nextToken") is null
            ? start
            : WriteEvents(Merge(streams, start, endTime), pattern, limit, output);
        output.WriteEndArray();
        output.WriteStartArray("searchedLogStreams"u8);
        output.WriteEndArray();
        if (more is { } next)
        {
            output.WriteString("nextToken"u8, next.ToString());
        }

        output.WriteEndObject();
    }

    private static LogStream[] Streams(LogGroup group, JsonInput input)
    {
        IReadOnlyList<string>? names = input.Texts("logStreamNames");
        string? prefix = Constraint.StreamPrefix(input);
        if (names?.Count is 0 or > MaxStreams)
        {
            throw Constraint.Violated(
                $"[{string.Join(", ", names!)}]", "logStreamNames", $"Member must have length {(names!.Count == 0 ? "greater than or equal to 1" : $"less than or equal to {MaxStreams}")}");
        }

        if (names is not null && prefix is not null)
        {
            throw new Refusal(400, "InvalidParameterException", "Parameters 'logStreamNames' and 'logStreamNamePrefix' cannot be specified together.");
        }

        if (names is null)
        {
            return [.. group.Streams.Values.Where(s => s.Name.StartsWith(prefix ?? "", StringComparison.Ordinal))];
        }

        return [.. names.Select(n => group.Streams.GetValueOrDefault(n)
            ?? throw new Refusal(400, "ResourceNotFoundException", "The specified log stream does not exist."))];
    }

    private static EventKey Start(JsonInput input)
    {
        var start = new EventKey(Constraint.Time(input, "startTime") ?? 0, 0);
        if (input.Text("nextToken") is not { } token)
        {
            return start;
        }

        return EventKey.TryParse(token, out EventKey key)
            ? key
            : throw new Refusal(400, "InvalidParameterException", "The specified nextToken is invalid.");
    }

    private static IEnumerable<(LogStream Stream, StoredEvent Event)> Merge(LogStream[] streams, EventKey start, long endTime)
    {
        var heads = new PriorityQueue<(LogStream Stream, StoredEvent[] Events, int Index), EventKey>();
        foreach (LogStream stream in streams)
        {
            StoredEvent[] events = stream.Sorted();
            int index = EventSearch.FirstAtOrAfter(events, start);
            if (index < events.Length)
            {
                heads.Enqueue((stream, events, index), events[index].Key);
            }
        }

        while (heads.TryDequeue(out (LogStream Stream, StoredEvent[] Events, int Index) head, out EventKey key) && key.Timestamp <= endTime)
        {
            yield return (head.Stream, head.Events[head.Index]);
            int next = head.Index + 1;
            if (next < head.Events.Length)
            {
                heads.Enqueue(head with { Index = next }, head.Events[next].Key);
            }
        }
    }

    /// <returns>Where the next page starts; null when this was the last.</returns>
    private static EventKey? WriteEvents(
        IEnumerable<(LogStream Stream, StoredEvent Event)> events, FilterPattern pattern, int limit, Utf8JsonWriter output)
    {
        int written = 0;
        int bytes = 0;
        foreach ((LogStream stream, StoredEvent stored) in events)
        {
            if (!pattern.Matches(stored.Message))
            {
                continue;
            }

            bytes += stored.Message.Length;
            if (written == limit || (bytes > MaxBytes && written > 0))
            {
                return stored.Key;
            }

            output.WriteStartObject();
            output.WriteString("logStreamName"u8, stream.Name);
            output.WriteNumber("timestamp"u8, stored.Key.Timestamp);
            output.WriteString("message"u8, stored.Message);
            output.WriteNumber("ingestionTime"u8, stored.Batch.Ingestion);
            output.WriteString("eventId"u8, stored.Key.ToString());
            output.WriteEndObject();
            written++;
        }

        return null;
    }
}
