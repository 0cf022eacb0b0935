using System.Buffers.Binary;
using System.Text;
using IotOps.Emulator.Checksums;

namespace IotOps.Emulator.Logs;

/// <summary>
/// Messages of an answer that is a stream of events: lengths, headers and payload, with a CRC-32 of the lengths and one of the whole.
/// See https://smithy.io/2.0/aws/amazon-eventstream.html.
/// </summary>
internal static class EventStreamMessage
{
    public const string ContentType = "application/vnd.amazon.eventstream";

    private const byte TextValue = 7;
    private const int LengthBytes = 8;
    private const int CrcBytes = 4;

    /// <summary>An event of a kind, with a JSON payload.</summary>
    public static byte[] Event(string kind, ReadOnlySpan<byte> json) =>
        Encode([(":message-type", "event"), (":event-type", kind), (":content-type", "application/x-amz-json-1.1")], json);

    /// <summary>An error that ends the stream.</summary>
    public static byte[] Exception(string kind, ReadOnlySpan<byte> json) =>
        Encode([(":message-type", "exception"), (":exception-type", kind), (":content-type", "application/x-amz-json-1.1")], json);

    private static byte[] Encode(ReadOnlySpan<(string Name, string Value)> headers, ReadOnlySpan<byte> payload)
    {
        using var encoded = new MemoryStream();
        foreach ((string name, string value) in headers)
        {
            encoded.WriteByte((byte)name.Length);
            encoded.Write(Encoding.ASCII.GetBytes(name));
            encoded.WriteByte(TextValue);
            encoded.WriteByte((byte)(value.Length >> 8));
            encoded.WriteByte((byte)value.Length);
            encoded.Write(Encoding.ASCII.GetBytes(value));
        }

        int headerBytes = (int)encoded.Length;
        byte[] message = new byte[LengthBytes + CrcBytes + headerBytes + payload.Length + CrcBytes];
        BinaryPrimitives.WriteInt32BigEndian(message, message.Length);
        BinaryPrimitives.WriteInt32BigEndian(message.AsSpan(4), headerBytes);
        Crc(message.AsSpan(0, LengthBytes)).CopyTo(message, LengthBytes);
        encoded.GetBuffer().AsSpan(0, headerBytes).CopyTo(message.AsSpan(LengthBytes + CrcBytes));
        payload.CopyTo(message.AsSpan(LengthBytes + CrcBytes + headerBytes));
        Crc(message.AsSpan(0, message.Length - CrcBytes)).CopyTo(message, message.Length - CrcBytes);
        return message;
    }

    private static byte[] Crc(ReadOnlySpan<byte> data)
    {
        using var crc = Checksum.Create("crc32");
        crc.Append(data);
        return crc.Finish();
    }
}
