namespace IotOps.Archive;

/// <summary>How hard bytes are compressed. Every profile makes plain deflate (RFC 1951) that any reader inflates.</summary>
public enum DeflateProfile
{
    /// <summary>
    /// The default: about the ratio of .NET's <c>CompressionLevel.Optimal</c> or better, in less time for most logs (benchmarks/README.md). What is no log and no longer than a block is as large
    /// as there.
    /// </summary>
    Balanced = 0,

    /// <summary>About two and a half times as fast as <see cref="Balanced"/> on one thread, for about a fifth more bytes on JSON logs; no worse than <c>CompressionLevel.Fastest</c>.</summary>
    Fast = 1,

    /// <summary>For what is written once and read often: about the size of <c>CompressionLevel.SmallestSize</c> or less.</summary>
    Smallest = 2,

    /// <summary>No compression, for content that is compressed already: five bytes more for each 64 KiB.</summary>
    Stored = 3,
}
