using System.Text.Json;

namespace IotOps.Detect.Tests.Oracle;

/// <summary>Profiles, and what the queue brings about one thing: the same for our engine and for the oracle.</summary>
internal sealed class DetectCase
{
    public required string Thing { get; init; }

    /// <summary>When the first message comes.</summary>
    public required DateTimeOffset Begin { get; init; }

    public required DateTimeOffset End { get; init; }

    /// <summary>What <c>describe-security-profile</c> prints, and from when it holds; the first from the beginning.</summary>
    public required IReadOnlyList<(DateTimeOffset From, string Json)> Profiles { get; init; }

    /// <summary>Bodies of the queue, in the order they come.</summary>
    public required IReadOnlyList<(DateTimeOffset At, byte[] Body)> Messages { get; init; }

    /// <summary>Whether log entries count authorization failures.</summary>
    public bool HasLogs { get; init; }

    /// <summary>The fleet's datapoints of completed days, by behavior.</summary>
    public IReadOnlyDictionary<string, double[]> Fleet { get; init; } = new Dictionary<string, double[]>(StringComparer.Ordinal);

    /// <summary>The case as the oracle reads it, on one line.</summary>
    public void WriteTo(Utf8JsonWriter json)
    {
        json.WriteStartObject();
        json.WriteString("thing", Thing);
        json.WriteNumber("began", Begin.ToUnixTimeMilliseconds());
        json.WriteNumber("end", End.ToUnixTimeMilliseconds());
        json.WriteBoolean("logs", HasLogs);
        json.WriteStartArray("profiles");
        foreach ((DateTimeOffset from, string profile) in Profiles)
        {
            json.WriteStartObject();
            json.WriteNumber("from", from.ToUnixTimeMilliseconds());
            json.WritePropertyName("profile");
            json.WriteRawValue(profile);
            json.WriteEndObject();
        }

        json.WriteEndArray();
        json.WriteStartArray("messages");
        foreach ((_, byte[] body) in Messages)
        {
            json.WriteRawValue(body);
        }

        json.WriteEndArray();
        json.WriteStartObject("fleet");
        foreach ((string behavior, double[] values) in Fleet)
        {
            json.WriteStartArray(behavior);
            foreach (double value in values)
            {
                json.WriteNumberValue(value);
            }

            json.WriteEndArray();
        }

        json.WriteEndObject();
        json.WriteEndObject();
    }
}
