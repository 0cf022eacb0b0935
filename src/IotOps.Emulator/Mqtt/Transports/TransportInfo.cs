using System.Net;
using System.Net.Sockets;

namespace IotOps.Emulator.Mqtt.Transports;

/// <summary>What is known of a client before its first packet.</summary>
/// <param name="Name">tcp, tls or websocket.</param>
internal sealed record TransportInfo(string Name)
{
    public string? ThingName { get; init; }

    /// <summary>The client's certificate.</summary>
    public string? CertificateId { get; init; }

    public string? ServerName { get; init; }

    public string? ApplicationProtocol { get; init; }

    public string? AccessKeyId { get; init; }

    /// <summary>The client's end of the connection.</summary>
    public IPEndPoint? Source { get; init; }

    /// <summary>Our end of it.</summary>
    public IPEndPoint? Target { get; init; }

    public static TransportInfo Of(string name, Socket socket) =>
        new(name) { Source = socket.RemoteEndPoint as IPEndPoint, Target = socket.LocalEndPoint as IPEndPoint };
}
