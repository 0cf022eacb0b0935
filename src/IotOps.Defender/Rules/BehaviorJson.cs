using System.Text.Json;

namespace IotOps.Defender.Rules;

/// <summary>Behaviors as JSON text.</summary>
internal static class BehaviorJson
{
    public static JsonDocument Document(ReadOnlyMemory<byte> utf8Json)
    {
        try
        {
            return JsonDocument.Parse(utf8Json, new JsonDocumentOptions { MaxDepth = 16 });
        }
        catch (JsonException e)
        {
            throw new FormatException($"It is no JSON: {e.Message}", e);
        }
    }

    public static void Write(Utf8JsonWriter writer, Behavior behavior)
    {
        writer.WriteStartObject();
        writer.WriteString("name"u8, behavior.Name);
        writer.WriteString("metric"u8, behavior.Metric);
        writer.WritePropertyName("criteria"u8);
        Write(writer, behavior.Criteria);
        if (behavior.SuppressAlerts)
        {
            writer.WriteBoolean("suppressAlerts"u8, true);
        }

        if (behavior.AlarmWhen == AlarmWhen.CriteriaMet)
        {
            writer.WriteString("alarmWhen"u8, "criteria-met"u8);
        }

        writer.WriteEndObject();
    }

    public static void Write(Utf8JsonWriter writer, MetricValue value)
    {
        writer.WriteStartObject();
        if (value.Count is { } count)
        {
            writer.WriteNumber("count"u8, count);
        }

        if (value.Number is { } number)
        {
            writer.WriteNumber("number"u8, number);
        }

        if (value.Numbers is { } numbers)
        {
            writer.WriteStartArray("numbers"u8);
            foreach (double item in numbers)
            {
                writer.WriteNumberValue(item);
            }

            writer.WriteEndArray();
        }

        WriteStrings(writer, "cidrs", value.Cidrs);
        if (value.Ports is { } ports)
        {
            writer.WriteStartArray("ports"u8);
            foreach (int port in ports)
            {
                writer.WriteNumberValue(port);
            }

            writer.WriteEndArray();
        }

        WriteStrings(writer, "strings", value.Strings);
        writer.WriteEndObject();
    }

    private static void Write(Utf8JsonWriter writer, BehaviorCriteria criteria)
    {
        writer.WriteStartObject();
        writer.WriteString("comparisonOperator"u8, BehaviorGrammar.Text(criteria.ComparisonOperator));
        if (criteria.Value is { } value)
        {
            writer.WritePropertyName("value"u8);
            Write(writer, value);
        }

        if (criteria.Duration > TimeSpan.Zero)
        {
            writer.WriteNumber("durationSeconds"u8, (long)criteria.Duration.TotalSeconds);
        }

        writer.WriteNumber("consecutiveDatapointsToAlarm"u8, criteria.ConsecutiveDatapointsToAlarm);
        writer.WriteNumber("consecutiveDatapointsToClear"u8, criteria.ConsecutiveDatapointsToClear);
        if (criteria.Statistic is { } statistic)
        {
            writer.WriteStartObject("statisticalThreshold"u8);
            writer.WriteString("statistic"u8, statistic);
            writer.WriteEndObject();
        }

        writer.WriteEndObject();
    }

    private static void WriteStrings(Utf8JsonWriter writer, string name, IReadOnlyList<string>? strings)
    {
        if (strings is null)
        {
            return;
        }

        writer.WriteStartArray(name);
        foreach (string item in strings)
        {
            writer.WriteStringValue(item);
        }

        writer.WriteEndArray();
    }
}
