using System.Text.Json;
using IotOps.Emulator.Http;

namespace IotOps.Emulator.Logs;

/// <summary>
/// PutLogEvents with every limit of
/// https://docs.aws.amazon.com/AmazonCloudWatchLogs/latest/APIReference/API_PutLogEvents.html.
/// </summary>
internal sealed class PutLogEvents(LogStore store)
{
    private const int MaxEvents = 10_000;
    private const int MaxBatchBytes = 1_048_576;
    private const int EventOverhead = 26;
    private const long HourMilliseconds = 3_600_000;
    private const long DayMilliseconds = 24 * HourMilliseconds;

    /// <summary>What the service counts towards the batch limit.</summary>
    public static int BatchBytes(PutLogEventsRequest request) => request.MessageBytes + (EventOverhead * request.Count);

    /// <summary>Accepts what is valid.</summary>
    /// <returns>How many events were accepted.</returns>
    /// <exception cref="Refusal">The whole call is refused.</exception>
    public int Execute(PutLogEventsRequest request, Utf8JsonWriter output)
    {
        string groupName = Constraint.GroupName(request.LogGroup);
        string streamName = Constraint.StreamName(request.LogStream);
        CheckBatch(request);
        LogStream stream = store.Stream(groupName, streamName);
        LogGroup group = store.Group(groupName);
        long now = store.Now;
        (int tooOldEnd, int expiredEnd, int tooNewStart) = Window(request.Timestamps, now, group.RetentionInDays);
        int from = Math.Max(tooOldEnd, expiredEnd);
        int accepted = Math.Max(0, tooNewStart - from);
        if (accepted > 0)
        {
            if (request.Timestamps[tooNewStart - 1] - request.Timestamps[from] > DayMilliseconds)
            {
                throw Invalid("The batch of log events in a single PutLogEvents request cannot span more than 24 hours.");
            }

            bool keep = !store.Options.DiscardLogEvents || group.HasFilters || !store.Tails.IsEmpty;
            LogBatch batch = request.ToBatch(from, tooNewStart, now, 0, keep);
            store.Append(group, stream, accepted, batch.Ends[^1], first => batch with { FirstSequence = first });
        }

        WriteResult(output, tooOldEnd, expiredEnd, tooNewStart < request.Count ? tooNewStart : null, request.Entity is { } entity ? EntityInput.Fault(entity) : null);
        return accepted;
    }

    private void CheckBatch(PutLogEventsRequest request)
    {
        if (!request.HasEvents)
        {
            throw Constraint.Violated("null", "logEvents", "Member must not be null");
        }

        if (request.Count == 0)
        {
            throw Constraint.Violated("[]", "logEvents", "Member must have length greater than or equal to 1");
        }

        if (request.Count > MaxEvents)
        {
            throw Constraint.Violated($"[{request.Count} log events]", "logEvents", $"Member must have length less than or equal to {MaxEvents}");
        }

        for (int i = 0; i < request.Count; i++)
        {
            int bytes = request.MessageLength(i) + EventOverhead;
            if (bytes > store.Options.MaxLogEventBytes)
            {
                throw Invalid($"Log event too large: {bytes} bytes exceeds limit of {store.Options.MaxLogEventBytes}");
            }

            if (i > 0 && request.Timestamps[i] < request.Timestamps[i - 1])
            {
                throw Invalid("Log events in a single PutLogEvents request must be in chronological order.");
            }
        }

        if (BatchBytes(request) > MaxBatchBytes)
        {
            throw Invalid($"Upload too large: {BatchBytes(request)} bytes exceeds limit of {MaxBatchBytes}");
        }
    }

    // Timestamps rise, so each reason for rejection covers a run at one of the ends.
    private static (int TooOldEnd, int ExpiredEnd, int TooNewStart) Window(ReadOnlySpan<long> timestamps, long now, int? retentionInDays)
    {
        int tooOldEnd = FirstAtOrAfter(timestamps, now - (14 * DayMilliseconds));
        int expiredEnd = retentionInDays is { } days and < 14 ? FirstAtOrAfter(timestamps, now - (days * DayMilliseconds)) : 0;
        int tooNewStart = FirstAtOrAfter(timestamps, now + (2 * HourMilliseconds) + 1);
        return (tooOldEnd, expiredEnd > tooOldEnd ? expiredEnd : 0, tooNewStart);
    }

    private static int FirstAtOrAfter(ReadOnlySpan<long> timestamps, long limit)
    {
        int index = 0;
        while (index < timestamps.Length && timestamps[index] < limit)
        {
            index++;
        }

        return index;
    }

    private static void WriteResult(Utf8JsonWriter output, int tooOldEnd, int expiredEnd, int? tooNewStart, string? entityFault)
    {
        output.WriteStartObject();
        if (entityFault is not null)
        {
            output.WriteStartObject("rejectedEntityInfo"u8);
            output.WriteString("errorType"u8, entityFault);
            output.WriteEndObject();
        }

        if (tooOldEnd > 0 || expiredEnd > 0 || tooNewStart is not null)
        {
            output.WriteStartObject("rejectedLogEventsInfo"u8);
            if (tooNewStart is { } start)
            {
                output.WriteNumber("tooNewLogEventStartIndex"u8, start);
            }

            if (tooOldEnd > 0)
            {
                output.WriteNumber("tooOldLogEventEndIndex"u8, tooOldEnd);
            }

            if (expiredEnd > 0)
            {
                output.WriteNumber("expiredLogEventEndIndex"u8, expiredEnd);
            }

            output.WriteEndObject();
        }

        output.WriteEndObject();
    }

    private static Refusal Invalid(string message) => new(400, "InvalidParameterException", message);
}
