using System.Net;

namespace IotOps.Emulator.Mqtt.Sessions;

/// <summary>A client's connection as it is, or as it was when it ended.</summary>
internal sealed record ConnectionState
{
    public required string ClientId { get; init; }

    /// <summary>When it began; when it ended, if <see cref="EndReason"/> says why.</summary>
    public required DateTimeOffset Since { get; init; }

    /// <summary>Null while it lasts; otherwise one of https://docs.aws.amazon.com/iot/latest/developerguide/life-cycle-events.html#connect-disconnect.</summary>
    public string? EndReason { get; init; }

    public string? ThingName { get; init; }

    public required bool IsCleanSession { get; init; }

    /// <summary>As the client asked for it.</summary>
    public required int KeepAliveSeconds { get; init; }

    public required TimeSpan SessionExpiry { get; init; }

    public IPEndPoint? Source { get; init; }

    public IPEndPoint? Target { get; init; }

    public static ConnectionState Of(Session session, IClient client, DateTimeOffset since, string? endReason = null) => new()
    {
        ClientId = session.ClientId,
        Since = since,
        EndReason = endReason,
        ThingName = client.Transport.ThingName,
        IsCleanSession = session.Expiry == TimeSpan.Zero,
        KeepAliveSeconds = client.Connect!.KeepAliveSeconds,
        SessionExpiry = session.Expiry,
        Source = client.Transport.Source,
        Target = client.Transport.Target,
    };
}
