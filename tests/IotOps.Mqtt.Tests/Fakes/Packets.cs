using System.Text;

namespace IotOps.Mqtt.Tests.Fakes;

/// <summary>A broker's packets, byte by byte.</summary>
internal static class Packets
{
    public static byte[] PingResp { get; } = [0xD0, 0];

    /// <summary>Of a broker without subscription identifiers, unless the properties are given.</summary>
    public static byte[] ConnAck(bool sessionPresent = false, byte reason = 0, byte[]? properties = null, MqttProtocolVersion version = MqttProtocolVersion.V5) =>
        version == MqttProtocolVersion.V5
            ? Packet(0x20, [(byte)(sessionPresent ? 1 : 0), reason, (byte)(properties?.Length ?? 2), .. properties ?? [0x29, 0]])
            : [0x20, 2, (byte)(sessionPresent ? 1 : 0), reason];

    public static byte[] PubAck(ushort id, byte? reason = null) =>
        reason is null ? [0x40, 2, (byte)(id >> 8), (byte)id] : [0x40, 3, (byte)(id >> 8), (byte)id, reason.Value];

    public static byte[] SubAck(ushort id, params byte[] reasons) => Packet(0x90, [(byte)(id >> 8), (byte)id, 0, .. reasons]);

    public static byte[] UnsubAck(ushort id, params byte[] reasons) => Packet(0xB0, [(byte)(id >> 8), (byte)id, 0, .. reasons]);

    public static byte[] SubAck(ushort id, MqttProtocolVersion version, byte[] reasons) =>
        version == MqttProtocolVersion.V5 ? SubAck(id, reasons) : Packet(0x90, [(byte)(id >> 8), (byte)id, .. reasons]);

    public static byte[] UnsubAck(ushort id, MqttProtocolVersion version, byte[] reasons) =>
        version == MqttProtocolVersion.V5 ? UnsubAck(id, reasons) : [0xB0, 2, (byte)(id >> 8), (byte)id];

    public static byte[] Disconnect(byte reason) => [0xE0, 1, reason];

    public static byte[] Publish(string topic, string payload, ushort id = 0, bool duplicate = false, byte[]? properties = null, bool v5 = true) =>
        Packet(
            (byte)(0x30 | (id > 0 ? 2 : 0) | (duplicate ? 8 : 0)),
            [
                .. String(topic),
                .. id > 0 ? [(byte)(id >> 8), (byte)id] : Array.Empty<byte>(),
                .. v5 ? [(byte)(properties?.Length ?? 0), .. properties ?? []] : Array.Empty<byte>(),
                .. Encoding.UTF8.GetBytes(payload),
            ]);

    public static byte[] String(string value)
    {
        byte[] utf8 = Encoding.UTF8.GetBytes(value);
        return [(byte)(utf8.Length >> 8), (byte)utf8.Length, .. utf8];
    }

    public static byte[] Packet(byte first, byte[] body)
    {
        List<byte> bytes = [first];
        int length = body.Length;
        do
        {
            bytes.Add((byte)((length & 0x7F) | (length > 0x7F ? 0x80 : 0)));
            length >>= 7;
        }
        while (length > 0);
        return [.. bytes, .. body];
    }
}
