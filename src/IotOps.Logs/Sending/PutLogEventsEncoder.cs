using System.Buffers;
using System.Buffers.Text;
using System.IO.Compression;
using System.Numerics;
using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using System.Runtime.Intrinsics;
using System.Text;
using IotOps.Logs.Batching;

namespace IotOps.Logs.Sending;

/// <summary>
/// Writes a PutLogEvents request body: JSON, compressed where that makes it smaller. Allocates per request, never per event. Safe for concurrent use.
/// </summary>
/// <remarks>
/// Utf8JsonWriter would validate each text again and escape more than JSON asks for; the texts are valid UTF-8 already,
/// so that all but the few bytes JSON does not allow are copied as they are.
/// </remarks>
internal static class PutLogEventsEncoder
{
    private const int ChunkBytes = 32 * 1024;
    private const int LongestEscape = 6;
    private const int LongestBefore = 64;

    private static ReadOnlySpan<byte> EndOfEvent => "\"},"u8;

    // The runtime's CompressionLevel.Fastest is level 1, whose fixed codes make log lines 27 to 50 % larger than level 2.
    private static readonly ZLibCompressionOptions Compression = new() { CompressionLevel = 2 };

    /// <summary>Writes the body.</summary>
    /// <param name="destination">Where the events go.</param>
    /// <param name="batch">Holds the texts.</param>
    /// <param name="events">Which events, in which order, with which times.</param>
    /// <param name="gzip">Whether to compress.</param>
    /// <param name="body">Takes the body; what was in it goes.</param>
    /// <returns>True when the body is compressed: not when that would have made it larger.</returns>
    public static bool Encode(LogDestination destination, LogBatch batch, ReadOnlySpan<PlannedEvent> events, bool gzip, PooledStream body)
    {
        body.Clear();
        if (!gzip)
        {
            WriteJson(destination, batch, events, body);
            return false;
        }

        long plain;
        using (var compressed = new GZipStream(body, Compression, leaveOpen: true))
        {
            plain = WriteJson(destination, batch, events, compressed);
        }

        if (body.Length <= plain)
        {
            return true;
        }

        body.Clear();
        WriteJson(destination, batch, events, body);
        return false;
    }

    private static long WriteJson(LogDestination destination, LogBatch batch, ReadOnlySpan<PlannedEvent> events, Stream to)
    {
        var writer = new ChunkWriter(to, ArrayPool<byte>.Shared.Rent(ChunkBytes));
        try
        {
            writer.Raw("{\"logGroupName\":\""u8);
            writer.Text(Encoding.UTF8.GetBytes(destination.Group));
            writer.Raw("\",\"logStreamName\":\""u8);
            writer.Text(Encoding.UTF8.GetBytes(destination.Stream));
            writer.Raw("\",\"logEvents\":["u8);

            // Events of one read share their time, and so all that is before their text.
            Span<byte> before = stackalloc byte[LongestBefore];
            int length = 0;
            long timestamp = 0;
            for (int i = 0; i < events.Length; i++)
            {
                if (i == 0 || events[i].Timestamp != timestamp)
                {
                    timestamp = events[i].Timestamp;
                    length = WriteBefore(timestamp, before);
                }

                writer.Raw(i == 0 ? before[EndOfEvent.Length..length] : before[..length]);
                writer.Text(batch.MessageAt(events[i].Index));
            }

            writer.Raw(events.IsEmpty ? "]}"u8 : "\"}]}"u8);
            return writer.Finish();
        }
        finally
        {
            ArrayPool<byte>.Shared.Return(writer.Chunk);
        }
    }

    // What ends the event before, and what this one has before its text.
    private static int WriteBefore(long timestamp, Span<byte> before)
    {
        ReadOnlySpan<byte> name = "\"},{\"timestamp\":"u8;
        ReadOnlySpan<byte> message = ",\"message\":\""u8;
        name.CopyTo(before);
        Utf8Formatter.TryFormat(timestamp, before[name.Length..], out int digits);
        message.CopyTo(before[(name.Length + digits)..]);
        return name.Length + digits + message.Length;
    }

    private ref struct ChunkWriter(Stream to, byte[] chunk)
    {
        private int _used;
        private long _total;

        public readonly byte[] Chunk => chunk;

        public void Raw(scoped ReadOnlySpan<byte> bytes)
        {
            while (bytes.Length > chunk.Length - _used)
            {
                int part = chunk.Length - _used;
                bytes[..part].CopyTo(chunk.AsSpan(_used));
                _used += part;
                bytes = bytes[part..];
                Flush();
            }

            bytes.CopyTo(chunk.AsSpan(_used));
            _used += bytes.Length;
        }

        public void Text(ReadOnlySpan<byte> text)
        {
            // Sixteen bytes are copied, then looked at: the copy up to the first that must be escaped is kept.
            ref byte from = ref MemoryMarshal.GetReference(text);
            ref byte target = ref MemoryMarshal.GetArrayDataReference(chunk);
            int used = _used;
            int at = 0;
            while (at <= text.Length - Vector128<byte>.Count)
            {
                used = Reserve(Vector128<byte>.Count, used);
                Vector128<byte> bytes = Vector128.LoadUnsafe(ref from, (nuint)at);
                bytes.StoreUnsafe(ref target, (nuint)used);
                uint escapes = EscapesIn(bytes);
                int plain = escapes == 0 ? Vector128<byte>.Count : BitOperations.TrailingZeroCount(escapes);
                used += plain;
                at += plain;
                if (escapes != 0)
                {
                    used = Escape(text[at++], used);
                }
            }

            for (; at < text.Length; at++)
            {
                used = Reserve(LongestEscape, used);
                byte value = text[at];
                if (value >= 0x20 && value != '"' && value != '\\')
                {
                    chunk[used++] = value;
                }
                else
                {
                    used = Escape(value, used);
                }
            }

            _used = used;
        }

        public long Finish()
        {
            Flush();
            return _total;
        }

        // A bit for each byte that JSON does not allow in a string.
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        private static uint EscapesIn(Vector128<byte> bytes) =>
            (Vector128.Equals(bytes, Vector128.Create((byte)'"'))
                | Vector128.Equals(bytes, Vector128.Create((byte)'\\'))
                | Vector128.Equals(Vector128.Min(bytes, Vector128.Create((byte)0x1F)), bytes)).ExtractMostSignificantBits();

        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        private int Escape(byte value, int used)
        {
            used = Reserve(LongestEscape, used);
            if (value is not ((byte)'"' or (byte)'\\'))
            {
                return EscapeControl(value, used);
            }

            chunk[used] = (byte)'\\';
            chunk[used + 1] = value;
            return used + 2;
        }

        private readonly int EscapeControl(byte value, int used)
        {
            byte letter = value switch
            {
                (byte)'\n' => (byte)'n',
                (byte)'\r' => (byte)'r',
                (byte)'\t' => (byte)'t',
                (byte)'\b' => (byte)'b',
                (byte)'\f' => (byte)'f',
                _ => 0,
            };
            if (letter != 0)
            {
                chunk[used] = (byte)'\\';
                chunk[used + 1] = letter;
                return used + 2;
            }

            ReadOnlySpan<byte> hex = "0123456789abcdef"u8;
            "\\u00"u8.CopyTo(chunk.AsSpan(used));
            chunk[used + 4] = hex[value >> 4];
            chunk[used + 5] = hex[value & 0xF];
            return used + LongestEscape;
        }

        // How much is used of the chunk is handed in and out, so that it stays in a register.
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        private int Reserve(int bytes, int used)
        {
            if (chunk.Length - used >= bytes)
            {
                return used;
            }

            _used = used;
            Flush();
            return 0;
        }

        private void Flush()
        {
            to.Write(chunk.AsSpan(0, _used));
            _total += _used;
            _used = 0;
        }
    }
}
