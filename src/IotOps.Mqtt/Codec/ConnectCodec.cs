using System.Buffers;
using System.Text;
using static IotOps.Mqtt.Codec.PropertyId;

namespace IotOps.Mqtt.Codec;

/// <summary>CONNECT (OASIS MQTT 5.0, 3.1).</summary>
internal static class ConnectCodec
{
    private const int FixedParts = 128;
    private const int CleanStartFlag = 0x02;
    private const int WillFlag = 0x04;
    private const int WillRetain = 0x20;
    private const int PasswordFlag = 0x40;
    private const int UserNameFlag = 0x80;

    public static byte[] Write(MqttConnectionOptions options, bool cleanStart)
    {
        byte[] scratch = ArrayPool<byte>.Shared.Rent(UpperBound(options));
        try
        {
            var writer = new PacketWriter(scratch);
            writer.Byte((int)PacketType.Connect << 4);
            int body = writer.BeginSized();
            WriteBody(ref writer, options, cleanStart);
            writer.EndSized(body);
            return scratch[..writer.Position];
        }
        finally
        {
            // It may hold a password.
            ArrayPool<byte>.Shared.Return(scratch, clearArray: true);
        }
    }

    private static void WriteBody(ref PacketWriter writer, MqttConnectionOptions options, bool cleanStart)
    {
        bool v5 = options.ProtocolVersion == MqttProtocolVersion.V5;
        int flags = (cleanStart ? CleanStartFlag : 0) | (options.UserName is null ? 0 : UserNameFlag) | (options.Password.IsEmpty ? 0 : PasswordFlag);
        if (options.Will is { } will)
        {
            flags |= WillFlag | ((int)will.QualityOfService << 3) | (will.Options is { Retain: true } ? WillRetain : 0);
        }

        writer.String("MQTT");
        writer.Byte((byte)options.ProtocolVersion);
        writer.Byte((byte)flags);
        writer.UInt16((int)PacketWriter.ToSeconds(options.KeepAlive));
        if (v5)
        {
            WriteProperties(ref writer, options);
        }

        writer.String(options.ClientId);
        if (options.Will is not null)
        {
            WriteWill(ref writer, options.Will, v5);
        }

        if (options.UserName is { } user)
        {
            writer.String(user);
        }

        if (!options.Password.IsEmpty)
        {
            writer.Binary(options.Password.Span);
        }
    }

    private static void WriteProperties(ref PacketWriter writer, MqttConnectionOptions options)
    {
        int properties = writer.BeginSized();
        if (options.SessionExpiry > TimeSpan.Zero)
        {
            writer.Seconds(SessionExpiryInterval, options.SessionExpiry);
        }

        writer.Byte((byte)ReceiveMaximum);
        writer.UInt16(options.ReceiveMaximum);
        writer.Byte((byte)MaximumPacketSize);
        writer.UInt32((uint)options.MaxPacketBytes);
        if (options.TopicAliasMaximum > 0)
        {
            writer.Byte((byte)TopicAliasMaximum);
            writer.UInt16(options.TopicAliasMaximum);
        }

        writer.EndSized(properties);
    }

    private static void WriteWill(ref PacketWriter writer, MqttWill will, bool v5)
    {
        if (v5)
        {
            int properties = writer.BeginSized();
            if (will.Delay > TimeSpan.Zero)
            {
                writer.Seconds(WillDelayInterval, will.Delay);
            }

            PublishCodec.WriteProperties(ref writer, will.Options);
            writer.EndSized(properties);
        }

        writer.String(will.Topic);
        writer.Binary(will.Payload.Span);
    }

    private static int UpperBound(MqttConnectionOptions options)
    {
        int bytes = FixedParts + Encoding.UTF8.GetByteCount(options.ClientId) + Encoding.UTF8.GetByteCount(options.UserName ?? "") + options.Password.Length;
        return options.Will is { } will
            ? bytes + Encoding.UTF8.GetByteCount(will.Topic) + will.Payload.Length + PublishCodec.PropertiesLength(will.Options)
            : bytes;
    }
}
