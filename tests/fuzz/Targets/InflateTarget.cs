using System.Buffers;
using System.IO.Compression;
using IotOps.Shared;

namespace IotOps.Fuzz.Targets;

/// <summary>
/// Deflate data, of which ours and zlib must think the same, when the first byte is even; else a gzip source, which must mean the same however it
/// arrives.
/// </summary>
internal sealed class InflateTarget : IFuzzTarget
{
    private const int MostPlain = 4 << 20;

    public string Name => "inflate";

    public IEnumerable<byte[]> Seeds
    {
        get
        {
            byte[] text = [.. Enumerable.Range(0, 400).SelectMany(static i => "the quick brown fox "u8.ToArray().Append((byte)i))];
            foreach (byte[] plain in (byte[][])[[], "a"u8.ToArray(), new byte[5000], text, [.. Enumerable.Range(0, 300).Select(static i => (byte)(i * i * 7))]])
            {
                foreach (CompressionLevel level in (CompressionLevel[])[CompressionLevel.NoCompression, CompressionLevel.Fastest, CompressionLevel.SmallestSize])
                {
                    yield return [0, .. Pack(plain, level, static (to, level) => new DeflateStream(to, level))];
                    yield return [1, .. Pack(plain, level, static (to, level) => new GZipStream(to, level))];
                }
            }

            yield return [0, 0x03, 0];
            yield return [1, .. Pack("one"u8.ToArray(), CompressionLevel.Fastest, static (to, level) => new GZipStream(to, level)), .. Pack("two"u8.ToArray(), CompressionLevel.Fastest, static (to, level) => new GZipStream(to, level)), 0, 0];
        }
    }

    public IEnumerable<byte[]> Words => [[0x1F, 0x8B, 8, 0, 0, 0, 0, 0, 0, 3], [0x1F, 0x8B, 8, 0x1F], [0, 0, 0, 0xFF, 0xFF], [1, 0, 0, 0xFF, 0xFF], [0x4B, 0x04, 0], [0xED, 0xC1, 1, 1], [0, 0, 0, 0]];

    public ulong Run(byte[] input)
    {
        if (input.Length == 0)
        {
            return 0;
        }

        byte[] data = input[1..];
        return (input[0] & 1) == 0 ? Deflate(data) : Gzip(data, 1 + (input[0] >> 1));
    }

    private static ulong Deflate(byte[] data)
    {
        var way = default(Way);
        way.Add(1);
        var plain = new ArrayBufferWriter<byte>();
        var inflater = new Inflater(plain);
        inflater.Begin(0);
        string? problem = null;
        try
        {
            byte[] buffer = new byte[data.Length + Inflater.Padding];
            data.CopyTo(buffer, 0);
            BrokenPromiseException.Unless(inflater.Run(buffer, data.Length, isWhole: true), "a whole stream ends or is torn");
        }
        catch (InvalidDataException e)
        {
            problem = e.Message;
        }

        way.Text(problem ?? "whole");
        way.Count(plain.WrittenCount);
        (byte[] theirs, bool isTheirsBad) = Zlib(data);
        bool isTorn = problem == Inflater.Torn().Message;
        BrokenPromiseException.Unless(problem is not null || !isTheirsBad, "what zlib refuses is refused");
        if (problem is not null && !isTorn)
        {
            // zlib may tell later: what is wrong stays wrong whatever follows.
            BrokenPromiseException.Unless(Zlib([.. data, .. new byte[512]]).IsBad, $"what zlib takes with zeros behind it is taken: {problem}");
            BrokenPromiseException.Unless(Zlib([.. data, .. Enumerable.Repeat((byte)0xFF, 512)]).IsBad, $"what zlib takes with ones behind it is taken: {problem}");
        }

        BrokenPromiseException.Unless(problem is not null || plain.WrittenSpan.SequenceEqual(theirs), "the plain bytes are zlib's");
        return way.Hash;
    }

    private static (byte[] Plain, bool IsBad) Zlib(byte[] data)
    {
        using var plain = new MemoryStream();
        try
        {
            using var inflate = new DeflateStream(new MemoryStream(data), CompressionMode.Decompress);
            inflate.CopyTo(plain);
            return (plain.ToArray(), false);
        }
        catch (InvalidDataException)
        {
            return (plain.ToArray(), true);
        }
    }

    private static ulong Gzip(byte[] data, int piece)
    {
        var way = default(Way);
        way.Add(2);
        (byte[] whole, string? problem) = Read(new MemoryStream(data));
        (byte[] pieces, string? problemInPieces) = Read(new PieceStream(data, piece));
        way.Text(problem ?? "whole");
        way.Count(whole.Length);
        BrokenPromiseException.Unless(Cause(problem) == Cause(problemInPieces), $"a source means the same however it arrives: {problem}, in pieces {problemInPieces}");
        BrokenPromiseException.Unless(problem is not null || whole.AsSpan().SequenceEqual(pieces), "plain bytes are the same however their source arrives");
        if (problem is null && data.Length > 0)
        {
            using var plain = new MemoryStream();
            using var theirs = new GZipStream(new MemoryStream(data), CompressionMode.Decompress);
            theirs.CopyTo(plain);
            BrokenPromiseException.Unless(whole.AsSpan().SequenceEqual(plain.ToArray()), "the plain bytes are .NET's");
        }

        return way.Hash;
    }

    // How many plain bytes come before is told as far as they were written when the fault was seen.
    private static string? Cause(string? problem) => problem is null ? null : string.Join('.', problem.Split(". ")[..^1]);

    private static (byte[] Plain, string? Problem) Read(Stream source)
    {
        using var plain = new MemoryStream();
        try
        {
            using var stream = new GunzipStream(source, new Inflater(SharedSink(out ArrayBufferWriter<byte> sink)), sink);
            byte[] buffer = new byte[16 << 10];
            while (plain.Length < MostPlain && Wait(stream.ReadAsync(buffer.AsMemory())) is int read and > 0)
            {
                plain.Write(buffer, 0, read);
            }

            return (plain.ToArray(), null);
        }
        catch (InvalidDataException e)
        {
            return (plain.ToArray(), e.Message);
        }
    }

    // Over streams in memory every read has ended when it returns.
    private static int Wait(ValueTask<int> read) => read.IsCompleted ? read.GetAwaiter().GetResult() : throw new BrokenPromiseException("a stream in memory does not wait");

    private static ArrayBufferWriter<byte> SharedSink(out ArrayBufferWriter<byte> sink) => sink = new ArrayBufferWriter<byte>();

    private static byte[] Pack(byte[] plain, CompressionLevel level, Func<Stream, CompressionLevel, Stream> make)
    {
        using var packed = new MemoryStream();
        using (Stream stream = make(packed, level))
        {
            stream.Write(plain);
        }

        return packed.ToArray();
    }
}
