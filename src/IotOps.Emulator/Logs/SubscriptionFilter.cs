using System.Text;
using System.Text.Json;
using IotOps.Emulator.Logs.Patterns;

namespace IotOps.Emulator.Logs;

/// <summary>A subscription filter of a log group.</summary>
internal sealed record SubscriptionFilter(string Name, string PatternText, FilterPattern Pattern, string DestinationArn, string? RoleArn, string Distribution, long CreatedAt)
{
    /// <summary>What it sends of a batch; null when no event matches.</summary>
    public LogSubscriptionDelivery? Of(string owner, LogGroup group, LogStream stream, LogBatch batch)
    {
        List<LogSubscriptionEvent> events = [];
        for (int i = 0; i < batch.Count; i++)
        {
            if (Pattern.Matches(batch.Message(i)))
            {
                var key = new EventKey(batch.Timestamps[i], batch.FirstSequence + i);
                events.Add(new LogSubscriptionEvent(key.ToString(), DateTimeOffset.FromUnixTimeMilliseconds(key.Timestamp), Encoding.UTF8.GetString(batch.Message(i))));
            }
        }

        return events.Count == 0 ? null : new LogSubscriptionDelivery
        {
            DestinationArn = DestinationArn,
            Owner = owner,
            LogGroup = group.Name,
            LogStream = stream.Name,
            FilterName = Name,
            IsControlMessage = false,
            Events = events,
        };
    }

    /// <summary>What it sends to see whether its destination is there.</summary>
    public LogSubscriptionDelivery Check(string owner, DateTimeOffset now) => new()
    {
        DestinationArn = DestinationArn,
        Owner = owner,
        LogGroup = "",
        LogStream = "",
        FilterName = Name,
        IsControlMessage = true,
        Events = [new LogSubscriptionEvent("", now, "CWL CONTROL MESSAGE: Checking health of destination.")],
    };

    public void Write(Utf8JsonWriter output, string group)
    {
        output.WriteStartObject();
        output.WriteString("filterName"u8, Name);
        output.WriteString("logGroupName"u8, group);
        output.WriteString("filterPattern"u8, PatternText);
        output.WriteString("destinationArn"u8, DestinationArn);
        if (RoleArn is not null)
        {
            output.WriteString("roleArn"u8, RoleArn);
        }

        output.WriteString("distribution"u8, Distribution);
        output.WriteBoolean("applyOnTransformedLogs"u8, false);
        output.WriteNumber("creationTime"u8, CreatedAt);
        output.WriteEndObject();
    }
}
