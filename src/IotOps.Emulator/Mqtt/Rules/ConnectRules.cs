using System.Text;
using IotOps.Emulator.Mqtt.Packets;

namespace IotOps.Emulator.Mqtt.Rules;

/// <summary>What a CONNECT may ask for.</summary>
internal static class ConnectRules
{
    /// <exception cref="ProtocolViolation">It asks for what is not offered.</exception>
    public static void Check(ConnectPacket connect, EmulatedMqttLimits limits)
    {
        if (connect.Properties.Has(PropertyId.AuthenticationData) && !connect.Properties.Has(PropertyId.AuthenticationMethod))
        {
            throw ProtocolViolation.Protocol("Authentication data without a method.");
        }

        if (connect.Properties.Has(PropertyId.AuthenticationMethod))
        {
            throw new ProtocolViolation(ReasonCode.BadAuthenticationMethod, "Enhanced authentication is not offered.");
        }

        bool isNameless = connect.ClientId.Length == 0 && connect.Version < 5 && !connect.CleanStart;
        if (isNameless || Encoding.UTF8.GetByteCount(connect.ClientId) > limits.MaxClientIdBytes)
        {
            throw new ProtocolViolation(
                ReasonCode.ClientIdentifierNotValid, $"A client id has 1 to {limits.MaxClientIdBytes} bytes; none is for clean sessions only.");
        }

        if (connect.Will is { } will)
        {
            if (will.QoS == 2)
            {
                throw new ProtocolViolation(ReasonCode.QoSNotSupported, "QoS 2 is not offered.");
            }

            PublishRules.Check(will.Topic, will.Payload.Length, will.Properties, limits);
        }
    }

    /// <summary>The keep-alive in force: what the client asked for, within the limits; zero is none.</summary>
    public static TimeSpan KeepAlive(ConnectPacket connect, EmulatedMqttOptions options)
    {
        var asked = TimeSpan.FromSeconds(connect.KeepAliveSeconds);
        if (options.ServerKeepAlive is { } forced && connect.Version >= 5)
        {
            return forced;
        }

        if (options.Limits.MaxKeepAlive is { } longest && (asked == TimeSpan.Zero || asked > longest))
        {
            return longest;
        }

        return asked > TimeSpan.Zero && asked < options.Limits.MinKeepAlive ? options.Limits.MinKeepAlive : asked;
    }

    /// <summary>How long the session outlives its connection.</summary>
    public static TimeSpan SessionExpiry(ConnectPacket connect, EmulatedMqttOptions options)
    {
        if (connect.Version < 5)
        {
            return connect.CleanStart ? TimeSpan.Zero : options.SessionExpiry;
        }

        var asked = TimeSpan.FromSeconds(connect.Properties.Number(PropertyId.SessionExpiry) ?? 0);
        return asked < options.Limits.MaxSessionExpiry ? asked : options.Limits.MaxSessionExpiry;
    }
}
