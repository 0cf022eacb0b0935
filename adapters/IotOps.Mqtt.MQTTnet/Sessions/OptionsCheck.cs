using MQTTnet;
using WireVersion = MQTTnet.Formatter.MqttProtocolVersion;

namespace IotOps.Mqtt.Sessions;

/// <summary>Both sides' options as one, checked.</summary>
internal static class OptionsCheck
{
    /// <exception cref="ArgumentException">They cannot work.</exception>
    public static MqttConnectionOptions Checked(MqttClientOptions client, MqttNetConnectionOptions options)
    {
        string? wrong =
            string.IsNullOrEmpty(client.ClientId) ? "ClientId is empty; a session needs a name, and AWS IoT policies usually want the thing name."
            : client.ChannelOptions is null ? "ChannelOptions are not set: build the options with WithTcpServer or WithWebSocketServer."
            : client.ProtocolVersion is not (WireVersion.V500 or WireVersion.V311) ? $"ProtocolVersion is {client.ProtocolVersion}; MQTT 5 and 3.1.1 are offered."
            : client.AllowPacketFragmentation ? "AllowPacketFragmentation writes one packet in several pieces, at which AWS IoT Core closes the connection: build the options with WithoutPacketFragmentation()."
            : null;
        if (wrong is not null)
        {
            throw new ArgumentException(wrong, nameof(client));
        }

        MqttLimits limits = options.Limits;
        wrong = options switch
        {
            { MaxInFlight: < 1 or > 10_000 } => $"MaxInFlight must be 1 to 10,000, but is {options.MaxInFlight}.",
            { ReceiveMaximum: < 1 or > 65_535 } => $"ReceiveMaximum must be 1 to 65,535, but is {options.ReceiveMaximum}.",
            { QueueLimitBytes: < 0 } => "QueueLimitBytes cannot be negative.",
            _ when options.ConnectTimeout <= TimeSpan.Zero || options.AcknowledgeTimeout <= TimeSpan.Zero => "ConnectTimeout and AcknowledgeTimeout must be longer than zero.",
            _ when options.CloseTimeout < TimeSpan.Zero => "CloseTimeout cannot be negative.",
            _ when options.MinReconnectDelay <= TimeSpan.Zero || options.MaxReconnectDelay < options.MinReconnectDelay
                => "MinReconnectDelay must be longer than zero, and MaxReconnectDelay not shorter than it.",
            _ when limits.FiltersPerPacket < 1 || limits.UnacknowledgedPublishes < 1 || limits.PublishesPerSecond < 0 || limits.BytesPerSecond < 0
                => "Limits: FiltersPerPacket and UnacknowledgedPublishes must be 1 or more, the rates zero or more.",
            _ => null,
        };
        if (wrong is not null)
        {
            throw new ArgumentException(wrong, nameof(options));
        }

        return new MqttConnectionOptions
        {
            ClientId = client.ClientId,
            ProtocolVersion = client.ProtocolVersion == WireVersion.V500 ? MqttProtocolVersion.V5 : MqttProtocolVersion.V311,
            KeepAlive = client.KeepAlivePeriod,
            MaxInFlight = options.MaxInFlight,
            ReceiveMaximum = client.ReceiveMaximum > 0 ? client.ReceiveMaximum : options.ReceiveMaximum,
            OfflinePolicy = options.OfflinePolicy,
            QueueLimitBytes = options.QueueLimitBytes,
            Limits = limits,
            ConnectTimeout = options.ConnectTimeout,
            AcknowledgeTimeout = options.AcknowledgeTimeout,
            CloseTimeout = options.CloseTimeout,
            MinReconnectDelay = options.MinReconnectDelay,
            MaxReconnectDelay = options.MaxReconnectDelay,
            TimeProvider = options.TimeProvider,
        };
    }
}
