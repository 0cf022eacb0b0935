using System.Buffers;
using System.Text.Json;

namespace IotOps.Defender.Rules;

/// <summary>Alarms and counts as the state file keeps them.</summary>
internal static class MonitorState
{
    private const int Version = 1;

    public static byte[] Write(string profileName, IReadOnlyList<BehaviorMonitor> monitors)
    {
        var buffer = new ArrayBufferWriter<byte>();
        using (var writer = new Utf8JsonWriter(buffer))
        {
            writer.WriteStartObject();
            writer.WriteNumber("version"u8, Version);
            writer.WriteString("profile"u8, profileName);
            writer.WriteStartArray("behaviors"u8);
            foreach (BehaviorMonitor monitor in monitors)
            {
                writer.WriteStartObject();
                writer.WritePropertyName("behavior"u8);
                writer.WriteRawValue(monitor.Json);
                if (monitor.ViolationId is { } id)
                {
                    writer.WriteString("violationId"u8, id);
                }

                writer.WriteNumber("streak"u8, monitor.Streak);
                writer.WriteStartArray("history"u8);
                foreach (double datapoint in monitor.History)
                {
                    writer.WriteNumberValue(datapoint);
                }

                writer.WriteEndArray();
                writer.WriteEndObject();
            }

            writer.WriteEndArray();
            writer.WriteEndObject();
        }

        return buffer.WrittenSpan.ToArray();
    }

    /// <summary>The monitors as they were stored, and their profile's name; null when the bytes are not what was written here.</summary>
    public static (string ProfileName, List<BehaviorMonitor> Monitors)? Read(byte[] bytes, int historyLength, int historyNeeded)
    {
        try
        {
            using JsonDocument document = JsonDocument.Parse(bytes);
            JsonElement root = document.RootElement;
            if (root.GetProperty("version").GetInt32() != Version)
            {
                return null;
            }

            List<BehaviorMonitor> monitors = [];
            foreach (JsonElement stored in root.GetProperty("behaviors").EnumerateArray())
            {
                var monitor = new BehaviorMonitor(BehaviorReader.Read(stored.GetProperty("behavior"), "behavior"), historyLength, historyNeeded);
                List<double> history = [];
                foreach (JsonElement datapoint in stored.GetProperty("history").EnumerateArray())
                {
                    history.Add(datapoint.GetDouble());
                }

                monitor.Restore(
                    stored.TryGetProperty("violationId", out JsonElement id) ? id.GetString() : null,
                    Math.Clamp(stored.GetProperty("streak").GetInt32(), 0, 10),
                    history);
                monitors.Add(monitor);
            }

            return (root.GetProperty("profile").GetString() ?? "", monitors);
        }
        catch (Exception e) when (e is JsonException or FormatException or InvalidOperationException or KeyNotFoundException)
        {
            return null;
        }
    }
}
