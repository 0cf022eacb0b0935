using IotOps.Mqtt.Codec;
using IotOps.Mqtt.Connecting;
using IotOps.Mqtt.Publishing;

namespace IotOps.Mqtt.Sessions;

/// <summary>Whether options can work at all.</summary>
internal static class OptionsCheck
{
    private const int LongestBinary = 65_535;
    private const int SmallestMaximumPacket = 256;

    /// <exception cref="ArgumentException">They cannot.</exception>
    /// <exception cref="MqttException">A limit does not allow it.</exception>
    public static void Check(MqttConnectionOptions options)
    {
        MqttLimits limits = options.Limits;
        int clientIdBytes = MqttText.Bytes(options.ClientId, nameof(options.ClientId));
        string? wrong = options switch
        {
            { WebSocketUri: null, Host: "" } => "Give Host, or WebSocketUri.",
            { Host: not "" } when HostName.Wrong(options.Host) is { } host => host,
            { Port: < 1 or > 65_535 } => $"Port must be 1 to 65535, but is {options.Port}.",
            { ClientId: "" } => "ClientId is empty; a session needs a name, and AWS IoT policies usually want the thing name.",
            { ProtocolVersion: not (MqttProtocolVersion.V311 or MqttProtocolVersion.V5) } => $"ProtocolVersion {options.ProtocolVersion} is not spoken.",
            { ProtocolVersion: MqttProtocolVersion.V311, UserName: null, Password.IsEmpty: false } => "In MQTT 3.1.1 a Password needs a UserName.",
            { Password.Length: > LongestBinary } => $"Password has {options.Password.Length} bytes; MQTT takes {LongestBinary}.",
            { MaxInFlight: < 1 or > 10_000 } => $"MaxInFlight must be 1 to 10,000, but is {options.MaxInFlight}.",
            { ReceiveMaximum: < 1 or > 65_535 } => $"ReceiveMaximum must be 1 to 65,535, but is {options.ReceiveMaximum}.",
            { TopicAliasMaximum: < 0 or > 64 } => $"TopicAliasMaximum must be 0 to 64, but is {options.TopicAliasMaximum}.",
            { MaxPacketBytes: < SmallestMaximumPacket } => $"MaxPacketBytes must be {SmallestMaximumPacket} or more, but is {options.MaxPacketBytes}.",
            { QueueLimitBytes: < 0 } => "QueueLimitBytes cannot be negative.",
            _ when options.SessionExpiry < TimeSpan.Zero => "SessionExpiry cannot be negative.",
            _ when options.ConnectTimeout <= TimeSpan.Zero || options.ConnackTimeout <= TimeSpan.Zero || options.AcknowledgeTimeout <= TimeSpan.Zero
                => "ConnectTimeout, ConnackTimeout and AcknowledgeTimeout must be longer than zero.",
            _ when options.CloseTimeout < TimeSpan.Zero => "CloseTimeout cannot be negative.",
            _ when options.MinReconnectDelay <= TimeSpan.Zero || options.MaxReconnectDelay < options.MinReconnectDelay
                => "MinReconnectDelay must be longer than zero, and MaxReconnectDelay not shorter than it.",
            _ when limits.FiltersPerPacket < 1 || limits.UnacknowledgedPublishes < 1 || limits.PublishesPerSecond < 0 || limits.BytesPerSecond < 0
                => "Limits: FiltersPerPacket and UnacknowledgedPublishes must be 1 or more, the rates zero or more.",
            { Tls: { } tls } => ClientTls.Wrong(tls),
            _ => null,
        };
        if (wrong is not null)
        {
            throw new ArgumentException(wrong, nameof(options));
        }

        MqttText.Bytes(options.UserName ?? "", nameof(options.UserName));
        if (clientIdBytes > limits.ClientIdBytes)
        {
            throw Limit($"ClientId has {clientIdBytes} bytes; the limit is {limits.ClientIdBytes} (MqttLimits.ClientIdBytes).", MqttReasonCode.ClientIdentifierNotValid);
        }

        if (options.KeepAlive < limits.MinKeepAlive || options.KeepAlive > limits.MaxKeepAlive)
        {
            throw Limit($"KeepAlive is {options.KeepAlive.TotalSeconds:0.###} s; the limit is {limits.MinKeepAlive.TotalSeconds:0} s to {limits.MaxKeepAlive.TotalSeconds:0} s (MqttLimits.MinKeepAlive, MaxKeepAlive).", reason: null);
        }

        if (options.Will is { } will)
        {
            Check(will, options);
        }
    }

    private static void Check(MqttWill will, MqttConnectionOptions options)
    {
        new PublishCheck(options).BodyLength(will.Topic, will.Payload.Length, will.QualityOfService, will.Options);
        if (will.Payload.Length > LongestBinary || will.Delay < TimeSpan.Zero)
        {
            throw new ArgumentException($"The will's payload has {will.Payload.Length} bytes, of {LongestBinary} at most; its delay is {will.Delay}, not negative.", nameof(options));
        }
    }

    private static MqttException Limit(string message, MqttReasonCode? reason) => new(message) { Reason = reason };
}
