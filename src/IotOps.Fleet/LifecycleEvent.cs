using System.Globalization;
using System.Text.Json;

namespace IotOps.Fleet;

/// <summary>
/// A lifecycle event of AWS IoT, from <c>$aws/events/presence/...</c> or <c>$aws/events/subscriptions/...</c>. AWS IoT may publish it twice, late,
/// and in any order. See https://docs.aws.amazon.com/iot/latest/developerguide/life-cycle-events.html.
/// </summary>
/// <param name="Kind">What it says.</param>
/// <param name="ClientId">The client.</param>
/// <param name="Time">When it happened, by AWS IoT's clocks, which differ by up to two minutes.</param>
public sealed record LifecycleEvent(LifecycleEventKind Kind, string ClientId, DateTimeOffset Time)
{
    /// <summary>The connection's number: the same for connected and disconnected, higher for a later connection, from 0 again after about an hour offline.</summary>
    public long? Version { get; init; }

    /// <summary>The session; says nothing about order.</summary>
    public string? Session { get; init; }

    /// <summary>The certificate's id, or the caller behind another credential.</summary>
    public string? Principal { get; init; }

    /// <summary>Where the client connected from; not in disconnected.</summary>
    public string? IPAddress { get; init; }

    /// <summary>The thing, where the client is its exclusive client.</summary>
    public string? ThingName { get; init; }

    /// <summary>Why it disconnected, such as <c>CONNECTION_LOST</c>; new reasons are kept.</summary>
    public string? DisconnectReason { get; init; }

    /// <summary>Whether the client sent DISCONNECT.</summary>
    public bool IsClientInitiated { get; init; }

    /// <summary>Why it was not let in, such as <c>AUTHORIZATION_FAILED</c>.</summary>
    public string? ConnectFailureReason { get; init; }

    /// <summary>The topic filters that were subscribed or unsubscribed.</summary>
    public IReadOnlyList<string> Topics { get; init; } = [];

    /// <summary>Reads an event.</summary>
    /// <exception cref="FormatException">It is none; the message says what is missing.</exception>
    public static LifecycleEvent Parse(ReadOnlySpan<byte> utf8Json)
    {
        try
        {
            return Read(JsonElement.Parse(utf8Json));
        }
        catch (JsonException e)
        {
            throw new FormatException($"The lifecycle event is no JSON: {e.Message}", e);
        }
    }

    /// <summary>Reads an event.</summary>
    /// <exception cref="FormatException">It is none; the message says what is missing.</exception>
    public static LifecycleEvent Read(JsonElement json)
    {
        if (json.ValueKind != JsonValueKind.Object)
        {
            throw new FormatException("A lifecycle event is a JSON object.");
        }

        LifecycleEventKind kind = Text(json, "eventType") switch
        {
            "connected" => LifecycleEventKind.Connected,
            "disconnected" => LifecycleEventKind.Disconnected,
            "connect_failed" => LifecycleEventKind.ConnectFailed,
            "subscribed" => LifecycleEventKind.Subscribed,
            "unsubscribed" => LifecycleEventKind.Unsubscribed,
            { } other => throw new FormatException($"'{other}' is no eventType of a lifecycle event."),
            null => throw new FormatException("A lifecycle event has a text eventType."),
        };
        string client = Text(json, "clientId") ?? throw new FormatException("A lifecycle event has a text clientId.");
        long time = Integer(json, "timestamp") is { } milliseconds and > -62_135_596_800_000 and < 253_402_300_800_000
            ? milliseconds
            : throw new FormatException("A lifecycle event has a timestamp in milliseconds since 1970.");
        long? version = Integer(json, "versionNumber");
        if (version is null && kind is LifecycleEventKind.Connected or LifecycleEventKind.Disconnected)
        {
            throw new FormatException($"{Text(json, "eventType")} has a versionNumber, a whole number of 64 bits.");
        }

        return new LifecycleEvent(kind, client, DateTimeOffset.FromUnixTimeMilliseconds(time))
        {
            Version = version,
            Session = Text(json, "sessionIdentifier"),
            Principal = Text(json, "principalIdentifier"),
            IPAddress = Text(json, "ipAddress"),
            ThingName = Text(json, "thingName"),
            DisconnectReason = Text(json, "disconnectReason"),
            IsClientInitiated = json.TryGetProperty("clientInitiatedDisconnect"u8, out JsonElement initiated) && initiated.ValueKind == JsonValueKind.True,
            ConnectFailureReason = Text(json, "connectFailureReason"),
            Topics = json.TryGetProperty("topics"u8, out JsonElement topics) && topics.ValueKind == JsonValueKind.Array
                ? [.. topics.EnumerateArray().Where(topic => topic.ValueKind == JsonValueKind.String).Select(String).OfType<string>()]
                : [],
        };
    }

    private static string? Text(JsonElement json, string name) =>
        json.TryGetProperty(name, out JsonElement value) && value.ValueKind == JsonValueKind.String ? String(value) : null;

    private static string? String(JsonElement value)
    {
        try
        {
            return value.GetString();
        }
        catch (InvalidOperationException e)
        {
            throw new FormatException("A text of the lifecycle event has half of a surrogate pair, or is no UTF-8.", e);
        }
    }

    private static long? Integer(JsonElement json, string name) =>
        !json.TryGetProperty(name, out JsonElement value) ? null
        : value.ValueKind == JsonValueKind.Number && value.TryGetInt64(out long number) ? number
        : value.ValueKind == JsonValueKind.String && long.TryParse(String(value), NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out number) ? number
        : null;
}
