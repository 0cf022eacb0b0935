using System.Text.Json;

namespace IotOps.Fleet;

/// <summary>
/// A client's MQTT connection as GetConnection has it. See https://docs.aws.amazon.com/iot/latest/apireference/API_iotdata_GetConnection.html.
/// </summary>
/// <param name="ClientId">The client.</param>
public sealed record FleetConnection(string ClientId)
{
    /// <summary>Whether it stands; null when the answer does not say.</summary>
    public bool? IsConnected { get; init; }

    /// <summary>The thing of the connection, where the service knows one.</summary>
    public string? ThingName { get; init; }

    /// <summary>Since when it stands, or when it ended; to the millisecond.</summary>
    public DateTimeOffset? Since { get; init; }

    /// <summary>Why it ended, as the lifecycle events name it; null while it stands.</summary>
    public string? DisconnectReason { get; init; }

    /// <summary>Whether its session ends with it.</summary>
    public bool? IsCleanSession { get; init; }

    /// <summary>Longest silence it announced.</summary>
    public TimeSpan? KeepAlive { get; init; }

    /// <summary>How long its session is kept without it.</summary>
    public TimeSpan? SessionExpiry { get; init; }

    /// <summary>The client's address and port; only when asked for.</summary>
    public string? Source { get; init; }

    /// <summary>The endpoint's address and port; only when asked for.</summary>
    public string? Target { get; init; }

    internal static FleetConnection Read(string clientId, JsonElement answer)
    {
        bool? isConnected = Member(answer, "connected")?.ValueKind switch { JsonValueKind.True => true, JsonValueKind.False => false, _ => null };
        return new FleetConnection(clientId)
        {
            IsConnected = isConnected,
            ThingName = Text(answer, "thingName"),
            Since = Number(answer, isConnected == false ? "disconnectedSince" : "connectedSince") is { } since and >= 0 and < 253_402_300_800_000
                ? DateTimeOffset.FromUnixTimeMilliseconds(since) : null,
            DisconnectReason = Text(answer, "disconnectReason"),
            IsCleanSession = Member(answer, "cleanSession")?.ValueKind switch { JsonValueKind.True => true, JsonValueKind.False => false, _ => null },
            KeepAlive = Seconds(answer, "keepAliveDuration"),
            SessionExpiry = Seconds(answer, "sessionExpiry"),
            Source = Address(answer, "source"),
            Target = Address(answer, "target"),
        };
    }

    private static string? Address(JsonElement answer, string end) =>
        Text(answer, end + "Ip") is not { } ip ? null
        : Number(answer, end + "Port") is not { } port ? ip
        : ip.Contains(':', StringComparison.Ordinal) ? $"[{ip}]:{port}" : $"{ip}:{port}";

    private static TimeSpan? Seconds(JsonElement answer, string name) =>
        Number(answer, name) is { } seconds and >= 0 and <= uint.MaxValue ? TimeSpan.FromSeconds(seconds) : null;

    private static long? Number(JsonElement answer, string name) =>
        Member(answer, name) is { ValueKind: JsonValueKind.Number } number && number.TryGetInt64(out long value) ? value : null;

    private static string? Text(JsonElement answer, string name) => Member(answer, name) is { ValueKind: JsonValueKind.String } text ? text.GetString() : null;

    private static JsonElement? Member(JsonElement answer, string name) =>
        answer.ValueKind == JsonValueKind.Object && answer.TryGetProperty(name, out JsonElement value) ? value : null;
}
