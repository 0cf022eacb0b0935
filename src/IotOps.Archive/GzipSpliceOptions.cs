namespace IotOps.Archive;

/// <summary>How <see cref="ZipStreamWriter.AppendGzipAsync(Stream, GzipSpliceOptions?, CancellationToken)"/> takes a gzip source.</summary>
public sealed record GzipSpliceOptions
{
    /// <summary>True, the default, adds a newline behind a source whose last plain byte is none, so that the next source begins a line of its own.</summary>
    public bool EndWithNewline { get; init; } = true;

    /// <summary>
    /// Compressed bytes that are looked at before the first of them is written, 65,536-1,073,741,824; so much of a source is held in memory. One that is
    /// no longer is known to be good as a whole, CRC-32 and all, or not written at all. A longer one is written while the rest of it is read. 64 MiB by default.
    /// </summary>
    public int BufferBytes { get; init; } = 64 << 20;

    internal GzipSpliceOptions Checked(string parameter) =>
        BufferBytes is >= 65_536 and <= 1 << 30
            ? this
            : throw new ArgumentException($"{nameof(BufferBytes)} is {BufferBytes}: 65,536 to {1 << 30} bytes are held.", parameter);
}
