using System.Text;
using System.Text.Json;

namespace IotOps.Fleet;

/// <summary>How far a log was read: a moment, and the events of the time before it that were read already.</summary>
/// <param name="Time">The latest event that was read.</param>
/// <param name="EventIds">Events close before it: those that come again are passed over, those that come late are not.</param>
public sealed record IotLogCheckpoint(DateTimeOffset Time, IReadOnlyCollection<string> EventIds)
{
    /// <summary>Reads a checkpoint that <see cref="ToUtf8Json"/> wrote.</summary>
    /// <exception cref="FormatException">It is none.</exception>
    public static IotLogCheckpoint Parse(ReadOnlySpan<byte> utf8Json)
    {
        try
        {
            JsonElement json = JsonElement.Parse(utf8Json);
            return new IotLogCheckpoint(
                DateTimeOffset.FromUnixTimeMilliseconds(json.GetProperty("time"u8).GetInt64()),
                [.. json.GetProperty("eventIds"u8).EnumerateArray().Select(id => id.GetString()!)]);
        }
        catch (Exception e) when (e is JsonException or InvalidOperationException or KeyNotFoundException or FormatException or ArgumentOutOfRangeException)
        {
            throw new FormatException($"This is no checkpoint of a log: {e.Message}", e);
        }
    }

    /// <summary>The checkpoint as JSON, to keep it. Write it to a new file and rename that, so that a crash leaves the old one.</summary>
    public byte[] ToUtf8Json() => Encoding.UTF8.GetBytes(
        $"{{\"time\":{Time.ToUnixTimeMilliseconds()},\"eventIds\":[{string.Join(',', EventIds.Select(id => $"\"{JsonEncodedText.Encode(id)}\""))}]}}");
}
