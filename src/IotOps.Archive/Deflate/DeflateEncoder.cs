using System.IO.Compression;

namespace IotOps.Archive.Deflate;

/// <summary>Deflate of one block at a time. Used again and again; for one thread at a time.</summary>
internal sealed class DeflateEncoder
{
    /// <summary>Ends a deflate stream at a byte boundary: an empty last block of the fixed code.</summary>
    public static ReadOnlySpan<byte> EndOfStream => [0x03, 0x00];

    private readonly CompressionLevel[] _levels =
        [CompressionLevel.Optimal, CompressionLevel.Fastest, CompressionLevel.SmallestSize, CompressionLevel.NoCompression];

    public static int MaxOutput(int inputLength) => inputLength + (inputLength / 8) + 1024;

    public int Encode(ReadOnlySpan<byte> input, byte[] output, DeflateProfile profile, bool final)
    {
        var stream = new MemoryStream(output);
        using var deflate = new DeflateStream(stream, _levels[(int)profile], leaveOpen: true);
        deflate.Write(input);
        if (final)
        {
            deflate.Dispose();
        }
        else
        {
            deflate.Flush();
        }

        return (int)stream.Position;
    }
}
