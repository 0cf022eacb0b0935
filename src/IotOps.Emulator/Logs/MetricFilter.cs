using System.Text.Json;
using IotOps.Emulator.Logs.Patterns;

namespace IotOps.Emulator.Logs;

/// <summary>A metric filter of a log group: what it wants, and what it makes of it.</summary>
internal sealed record MetricFilter(string Name, string PatternText, FilterPattern Pattern, MetricTransformation Metric, long CreatedAt)
{
    /// <summary>The values of a batch; the default once when there is one and no event matched.</summary>
    public IEnumerable<ReceivedMetricValue> Values(LogGroup group, LogBatch batch)
    {
        bool matched = false;
        for (int i = 0; i < batch.Count; i++)
        {
            if (!Pattern.Matches(batch.Message(i)))
            {
                continue;
            }

            matched = true;
            if (Metric.ValueOf(Pattern, batch.Message(i)) is { } value && Metric.DimensionsOf(Pattern, batch.Message(i)) is { } dimensions)
            {
                yield return Value(group, value, dimensions, batch.Timestamps[i]);
            }
        }

        if (!matched && Metric.DefaultValue is { } defaultValue)
        {
            yield return Value(group, defaultValue, LogTags.None, batch.Ingestion);
        }
    }

    public void Write(Utf8JsonWriter output, string group)
    {
        output.WriteStartObject();
        output.WriteString("filterName"u8, Name);
        output.WriteString("filterPattern"u8, PatternText);
        output.WriteStartArray("metricTransformations"u8);
        Metric.Write(output);
        output.WriteEndArray();
        output.WriteNumber("creationTime"u8, CreatedAt);
        output.WriteString("logGroupName"u8, group);
        output.WriteBoolean("applyOnTransformedLogs"u8, false);
        output.WriteEndObject();
    }

    private ReceivedMetricValue Value(LogGroup group, double value, IReadOnlyDictionary<string, string> dimensions, long timestamp) => new()
    {
        Namespace = Metric.Namespace,
        Name = Metric.Name,
        Value = value,
        Unit = Metric.Unit ?? "None",
        Dimensions = dimensions,
        Timestamp = DateTimeOffset.FromUnixTimeMilliseconds(timestamp),
        LogGroup = group.Name,
        FilterName = Name,
    };
}
