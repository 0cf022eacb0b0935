using System.Buffers;
using System.Buffers.Text;
using System.Text;
using IotOps.Logs.Compression;
using IotOps.Logs.Shipping;

namespace IotOps.Logs.Batching;

/// <summary>Writes a PutLogEvents request body: JSON, compressed where that makes it smaller. Allocates per request, never per event.</summary>
/// <remarks>
/// Utf8JsonWriter would validate each text again and escape more than JSON asks for; the texts are valid UTF-8 already,
/// so that runs between the few bytes JSON does not allow are copied as they are.
/// </remarks>
internal static class PutLogEventsEncoder
{
    private const int ChunkBytes = 32 * 1024;
    private const int LongestEscape = 6;
    private const int LongestNumber = 20;

    private static readonly SearchValues<byte> Escaped = SearchValues.Create(
        [.. Enumerable.Range(0, 0x20).Select(b => (byte)b), (byte)'"', (byte)'\\']);

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
            WriteJson(destination, batch, events, body, gzip: null);
            return false;
        }

        GzipEncoder encoder = GzipEncoder.Rent();
        encoder.Begin(body);
        long plain = WriteJson(destination, batch, events, body, encoder);
        encoder.Finish();
        GzipEncoder.Return(encoder);
        if (body.Length <= plain)
        {
            return true;
        }

        body.Clear();
        WriteJson(destination, batch, events, body, gzip: null);
        return false;
    }

    private static long WriteJson(
        LogDestination destination, LogBatch batch, ReadOnlySpan<PlannedEvent> events, Stream body, GzipEncoder? gzip)
    {
        var writer = new ChunkWriter(body, gzip, ArrayPool<byte>.Shared.Rent(ChunkBytes));
        try
        {
            writer.Raw("{\"logGroupName\":\""u8);
            writer.Text(Encoding.UTF8.GetBytes(destination.Group));
            writer.Raw("\",\"logStreamName\":\""u8);
            writer.Text(Encoding.UTF8.GetBytes(destination.Stream));
            writer.Raw("\",\"logEvents\":["u8);
            bool first = true;
            foreach (PlannedEvent planned in events)
            {
                writer.Raw(first ? "{\"timestamp\":"u8 : ",{\"timestamp\":"u8);
                writer.Number(planned.Timestamp);
                writer.Raw(",\"message\":\""u8);
                writer.Text(batch.MessageAt(planned.Offset));
                writer.Raw("\"}"u8);
                first = false;
            }

            writer.Raw("]}"u8);
            return writer.Finish();
        }
        finally
        {
            ArrayPool<byte>.Shared.Return(writer.Chunk);
        }
    }

    private ref struct ChunkWriter(Stream body, GzipEncoder? gzip, byte[] chunk)
    {
        private int _used;
        private long _total;

        public readonly byte[] Chunk => chunk;

        public void Raw(ReadOnlySpan<byte> bytes)
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

        public void Number(long value)
        {
            Reserve(LongestNumber);
            Utf8Formatter.TryFormat(value, chunk.AsSpan(_used), out int written);
            _used += written;
        }

        public void Text(ReadOnlySpan<byte> text)
        {
            int run;
            while ((run = text.IndexOfAny(Escaped)) >= 0)
            {
                Raw(text[..run]);
                Escape(text[run]);
                text = text[(run + 1)..];
            }

            Raw(text);
        }

        public long Finish()
        {
            Flush();
            return _total;
        }

        private void Escape(byte value)
        {
            Reserve(LongestEscape);
            byte letter = value switch
            {
                (byte)'"' or (byte)'\\' => value,
                (byte)'\n' => (byte)'n',
                (byte)'\r' => (byte)'r',
                (byte)'\t' => (byte)'t',
                (byte)'\b' => (byte)'b',
                (byte)'\f' => (byte)'f',
                _ => 0,
            };
            if (letter != 0)
            {
                chunk[_used++] = (byte)'\\';
                chunk[_used++] = letter;
                return;
            }

            ReadOnlySpan<byte> hex = "0123456789abcdef"u8;
            "\\u00"u8.CopyTo(chunk.AsSpan(_used));
            chunk[_used + 4] = hex[value >> 4];
            chunk[_used + 5] = hex[value & 0xF];
            _used += LongestEscape;
        }

        private void Reserve(int bytes)
        {
            if (chunk.Length - _used < bytes)
            {
                Flush();
            }
        }

        private void Flush()
        {
            if (gzip is null)
            {
                body.Write(chunk.AsSpan(0, _used));
            }
            else
            {
                gzip.Write(chunk.AsSpan(0, _used));
            }

            _total += _used;
            _used = 0;
        }
    }
}
