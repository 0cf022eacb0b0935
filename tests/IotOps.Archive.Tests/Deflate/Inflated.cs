using System.IO.Compression;

namespace IotOps.Archive.Tests.Deflate;

/// <summary>The system's inflate, as the oracle of ours.</summary>
internal static class Inflated
{
    public static byte[] By(ReadOnlyMemory<byte> deflate)
    {
        using var inflate = new DeflateStream(new MemoryStream(deflate.ToArray()), CompressionMode.Decompress);
        var plain = new MemoryStream();
        inflate.CopyTo(plain);
        return plain.ToArray();
    }
}
