using System.Globalization;
using System.Text;

namespace IotOps.Emulator.Tests.Mqtt;

/// <summary>Packets as they are written down in these tests: bytes in hexadecimal, and text in quotes: <c>20 02 00 00</c>, <c>00 01 'a'</c>.</summary>
internal static class Wire
{
    public const string Connect4 = "10 0D 00 04 'MQTT' 04 02 00 00 00 01 'c'";
    public const string Accepted4 = "20 02 00 00";

    public static byte[] Bytes(string notation)
    {
        var bytes = new List<byte>();
        string[] parts = notation.Split('\'');
        for (int i = 0; i < parts.Length; i++)
        {
            if (i % 2 == 1)
            {
                bytes.AddRange(Encoding.UTF8.GetBytes(parts[i]));
                continue;
            }

            foreach (string hex in parts[i].Split(' ', StringSplitOptions.RemoveEmptyEntries))
            {
                bytes.Add(byte.Parse(hex, NumberStyles.HexNumber, CultureInfo.InvariantCulture));
            }
        }

        return [.. bytes];
    }

    /// <summary>A CONNECT of MQTT 3.1.1.</summary>
    public static byte[] Connect311(string clientId, bool clean = true, int keepAlive = 0) =>
        Packet(0x10, [.. Bytes("00 04 'MQTT' 04"), (byte)(clean ? 2 : 0), (byte)(keepAlive >> 8), (byte)keepAlive, .. Text(clientId)]);

    /// <summary>A CONNECT of MQTT 5.</summary>
    public static byte[] Connect5(string clientId, bool clean = true, int keepAlive = 0, string properties = "", byte flags = 0, byte[]? end = null)
    {
        byte[] list = Bytes(properties);
        return Packet(
            0x10,
            [.. Bytes("00 04 'MQTT' 05"), (byte)(flags | (clean ? 2 : 0)), (byte)(keepAlive >> 8), (byte)keepAlive, (byte)list.Length, .. list, .. Text(clientId), .. end ?? []]);
    }

    /// <summary>A PUBLISH of MQTT 3.1.1, or of MQTT 5 when there are properties, even if empty.</summary>
    public static byte[] Publish(string topic, string payload, ushort id = 0, string? properties = null, byte flags = 0)
    {
        byte[] list = properties is null ? [] : Bytes(properties);
        byte[] packetId = id == 0 ? [] : [(byte)(id >> 8), (byte)id];
        byte[] length = properties is null ? [] : [(byte)list.Length];
        return Packet((byte)(0x30 | flags | (id == 0 ? 0 : 2)), [.. Text(topic), .. packetId, .. length, .. list, .. Encoding.UTF8.GetBytes(payload)]);
    }

    /// <summary>A SUBSCRIBE with packet id 1; <paramref name="v5"/> adds the empty property list.</summary>
    public static byte[] Subscribe(bool v5, byte options, params string[] filters)
    {
        var body = new List<byte> { 0, 1 };
        if (v5)
        {
            body.Add(0);
        }

        foreach (string filter in filters)
        {
            body.AddRange([.. Text(filter), options]);
        }

        return Packet(0x82, [.. body]);
    }

    public static byte[] Text(string text)
    {
        byte[] bytes = Encoding.UTF8.GetBytes(text);
        return [(byte)(bytes.Length >> 8), (byte)bytes.Length, .. bytes];
    }

    public static byte[] Packet(byte header, byte[] body)
    {
        var packet = new List<byte> { header };
        int rest = body.Length;
        do
        {
            int digit = rest & 0x7F;
            rest >>= 7;
            packet.Add((byte)(rest > 0 ? digit | 0x80 : digit));
        }
        while (rest > 0);

        return [.. packet, .. body];
    }
}
