using IotOps.Emulator.Mqtt.Packets;
using IotOps.Emulator.Mqtt.Transports;

namespace IotOps.Emulator.Mqtt.Sessions;

/// <summary>A connected client as its session sees it.</summary>
internal interface IClient
{
    TransportInfo Transport { get; }

    /// <summary>The CONNECT; null until it was accepted.</summary>
    ConnectPacket? Connect { get; }

    /// <summary>The protocol version, 4 or 5.</summary>
    byte Version { get; }

    /// <summary>Whether the client found a session when it connected.</summary>
    bool SessionPresent { get; }

    /// <summary>The keep-alive in force; zero is none.</summary>
    TimeSpan KeepAliveInterval { get; }

    /// <summary>Why the broker closed the connection; null when it did not, or did for no fault of the client's.</summary>
    ReasonCode? ClosedFor { get; }

    /// <summary>QoS 1 messages that may be under way to the client.</summary>
    int SendWindow { get; }

    /// <summary>Lets the client in.</summary>
    void Accept(ConnectPacket connect, bool sessionPresent, TimeSpan keepAlive);

    void Send(Packet packet);

    /// <summary>Sends a message.</summary>
    /// <returns>False when the client does not take packets of its size, or does not read what it was sent before.</returns>
    bool TryDeliver(PublishPacket packet);

    /// <summary>Ends the connection after what was sent so far.</summary>
    /// <param name="reason">Said in a DISCONNECT, which only MQTT 5 has from a broker; null says nothing.</param>
    void Close(ReasonCode? reason);

    /// <summary>Cuts the connection.</summary>
    void Abort();
}
