using System.Text.Json;
using IotOps.Emulator.Http;

namespace IotOps.Emulator.Logs;

/// <summary>Create, delete and describe: the operations on log streams.</summary>
internal sealed class LogStreamOperations(LogStore store)
{
    public void Create(JsonInput input) =>
        store.CreateStream(Constraint.GroupName(input.Text("logGroupName")), Constraint.StreamName(input.Text("logStreamName")));

    public void Delete(JsonInput input) =>
        store.DeleteStream(Constraint.GroupName(input.Text("logGroupName")), Constraint.StreamName(input.Text("logStreamName")));

    public void Describe(JsonInput input, string region, Utf8JsonWriter output)
    {
        LogGroup group = store.Group(Constraint.Group(input));
        string? prefix = Constraint.StreamPrefix(input);
        bool byTime = Constraint.Word(input, "orderBy", "LogStreamName", "LastEventTime") == "LastEventTime";
        if (byTime && prefix is not null)
        {
            throw new Refusal(400, "InvalidParameterException", "Cannot order by LastEventTime with a logStreamNamePrefix.");
        }

        IEnumerable<LogStream> streams = group.Streams.Values
            .Where(s => s.Name.StartsWith(prefix ?? "", StringComparison.Ordinal))
            .OrderBy(s => s.Name, StringComparer.Ordinal);
        if (byTime)
        {
            streams = streams.OrderBy(s => s.LastTimestamp ?? 0);
        }

        LogStream[] ordered = [.. input.Flag("descending") ? streams.Reverse() : streams];
        Page<LogStream> page = Page<LogStream>.Of(ordered, input.Text("nextToken"), Constraint.Limit(input.Number("limit"), 50));

        output.WriteStartObject();
        output.WriteStartArray("logStreams"u8);
        foreach (LogStream stream in page.Items)
        {
            Write(group, stream, region, output);
        }

        output.WriteEndArray();
        page.WriteToken(output);
        output.WriteEndObject();
    }

    private void Write(LogGroup group, LogStream stream, string region, Utf8JsonWriter output)
    {
        output.WriteStartObject();
        output.WriteString("logStreamName"u8, stream.Name);
        output.WriteNumber("creationTime"u8, stream.CreatedAt);
        if (stream.LastIngestion is { } ingestion)
        {
            output.WriteNumber("firstEventTimestamp"u8, stream.FirstTimestamp!.Value);
            output.WriteNumber("lastEventTimestamp"u8, stream.LastTimestamp!.Value);
            output.WriteNumber("lastIngestionTime"u8, ingestion);
        }

        output.WriteString("arn"u8, $"arn:aws:logs:{region}:{store.Options.AccountId}:log-group:{group.Name}:log-stream:{stream.Name}");
        output.WriteNumber("storedBytes"u8, 0);
        output.WriteEndObject();
    }
}
