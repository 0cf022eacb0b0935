namespace IotOps.Archive;

/// <summary>How <see cref="ZipStreamWriter.AppendGzipAsync"/> takes a gzip source.</summary>
public sealed record GzipSpliceOptions
{
    /// <summary>
    /// True inflates the source and holds it to its CRC-32 before anything of it is written. False, the default, walks its Huffman codes: that proves the
    /// structure and the length (ISIZE), and takes the CRC on trust; a source with a wrong one makes a zip whose reader reports it.
    /// </summary>
    public bool VerifyCrc { get; init; }

    /// <summary>True, the default, adds a newline behind a source whose last plain byte is none, so that the next source begins a line of its own.</summary>
    public bool EndWithNewline { get; init; } = true;

    /// <summary>
    /// Compressed bytes of a source at most, 65,536-1,073,741,824. A source is held in memory as a whole, so that it is known to be good before any of it
    /// is written; a longer one is refused.
    /// </summary>
    public int BufferBytes { get; init; } = 64 << 20;

    internal GzipSpliceOptions Checked(string parameter) =>
        BufferBytes is >= 65_536 and <= 1 << 30
            ? this
            : throw new ArgumentException($"{nameof(BufferBytes)} is {BufferBytes}: 65,536 to {1 << 30} bytes are held.", parameter);
}
