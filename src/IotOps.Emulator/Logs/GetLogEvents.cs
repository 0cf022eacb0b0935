using System.Text.Json;
using IotOps.Emulator.Http;

namespace IotOps.Emulator.Logs;

/// <summary>
/// GetLogEvents: one stream, in the order of time, forward or backward.
/// See https://docs.aws.amazon.com/AmazonCloudWatchLogs/latest/APIReference/API_GetLogEvents.html.
/// </summary>
internal sealed class GetLogEvents(LogStore store)
{
    private const int MaxEvents = 10_000;
    private const int MaxBytes = 1 << 20;

    public void Execute(JsonInput input, Utf8JsonWriter output)
    {
        input.Flag("unmask"); // There is nothing masked.
        LogStream stream = store.Stream(Constraint.Group(input), Constraint.StreamName(input.Text("logStreamName")));
        int limit = Constraint.Limit(input.Number("limit"), MaxEvents);
        StoredEvent[] events = stream.Sorted();

        int first = EventSearch.FirstAtOrAfter(events, new EventKey(Constraint.Time(input, "startTime") ?? 0, 0));
        int end = EventSearch.FirstAtOrAfter(events, new EventKey(Constraint.Time(input, "endTime") ?? long.MaxValue, 0));
        (int start, int stop) = Range(input, events, first, Math.Max(first, end), limit);

        output.WriteStartObject();
        output.WriteStartArray("events"u8);
        for (int i = start; i < stop; i++)
        {
            output.WriteStartObject();
            output.WriteNumber("timestamp"u8, events[i].Key.Timestamp);
            output.WriteString("message"u8, events[i].Message);
            output.WriteNumber("ingestionTime"u8, events[i].Batch.Ingestion);
            output.WriteEndObject();
        }

        output.WriteEndArray();

        // A token names the last event seen rather than a position: events that arrive late must not shift a reader.
        output.WriteString("nextForwardToken"u8, "f/" + (stop > 0 ? events[stop - 1].Key : default));
        output.WriteString("nextBackwardToken"u8, "b/" + (start < events.Length ? events[start].Key : new EventKey(long.MaxValue, 0)));
        output.WriteEndObject();
    }

    private static (int Start, int Stop) Range(JsonInput input, StoredEvent[] events, int first, int end, int limit)
    {
        string? token = input.Text("nextToken");
        if (token is null)
        {
            return input.Flag("startFromHead") ? Forward(events, first, end, limit) : Backward(events, first, end, limit);
        }

        if (token.Length < 2 || token[1] != '/' || token[0] is not ('f' or 'b') || !EventKey.TryParse(token.AsSpan(2), out EventKey key))
        {
            throw new Refusal(400, "InvalidParameterException", "The specified nextToken is invalid.");
        }

        return token[0] == 'f'
            ? Forward(events, Math.Clamp(EventSearch.FirstAfter(events, key), first, end), end, limit)
            : Backward(events, first, Math.Clamp(EventSearch.FirstAtOrAfter(events, key), first, end), limit);
    }

    private static (int Start, int Stop) Forward(StoredEvent[] events, int start, int end, int limit)
    {
        int stop = start;
        for (int bytes = 0; stop < end && stop - start < limit; stop++)
        {
            bytes += events[stop].Message.Length;
            if (bytes > MaxBytes && stop > start)
            {
                break;
            }
        }

        return (start, stop);
    }

    private static (int Start, int Stop) Backward(StoredEvent[] events, int first, int stop, int limit)
    {
        int start = stop;
        for (int bytes = 0; start > first && stop - start < limit; start--)
        {
            bytes += events[start - 1].Message.Length;
            if (bytes > MaxBytes && start < stop)
            {
                break;
            }
        }

        return (start, stop);
    }
}
