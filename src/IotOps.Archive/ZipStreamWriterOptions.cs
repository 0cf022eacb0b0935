namespace IotOps.Archive;

/// <summary>How a <see cref="ZipStreamWriter"/> or <see cref="ParallelDeflate"/> compresses.</summary>
public sealed record ZipStreamWriterOptions
{
    /// <summary>How hard, where an entry does not say otherwise. <see cref="DeflateProfile.Balanced"/> by default.</summary>
    public DeflateProfile Profile { get; init; } = DeflateProfile.Balanced;

    /// <summary>
    /// Threads that compress, 1-256; by default one a processor. With 1 everything happens on the caller's thread; with more, on the thread pool.
    /// The bytes written are the same whatever the number.
    /// </summary>
    public int Threads { get; init; } = Environment.ProcessorCount;

    /// <summary>
    /// Plain bytes that are compressed as one block, 4,096-4,194,304. Smaller blocks spread over more threads and cost ratio.
    /// About twice as many blocks as threads are in memory, each with its output. 1 MiB by default.
    /// </summary>
    public int BlockBytes { get; init; } = 1 << 20;

    /// <summary>
    /// Plain bytes that no entry has more of, at least 1, unless <see cref="ZipStreamWriter.OpenEntry"/> says otherwise; by default there is no
    /// bound. Below 4 GiB the sizes behind an entry have 32 bits and there is no ZIP64 in it, so that readers of pipes take it that
    /// know no other: <c>java.util.zip.ZipInputStream</c> before Java 22, <c>Parse</c> of npm's unzipper. An entry that grows beyond its bound throws.
    /// </summary>
    public long LargestEntry { get; init; } = long.MaxValue;

    internal ZipStreamWriterOptions Checked(string parameter)
    {
        if (!Enum.IsDefined(Profile))
        {
            throw new ArgumentException($"There is no deflate profile {Profile}.", parameter);
        }

        if (Threads is < 1 or > 256)
        {
            throw new ArgumentException($"{nameof(Threads)} is {Threads}: 1 to 256 threads compress.", parameter);
        }

        if (LargestEntry < 1)
        {
            throw new ArgumentException($"{nameof(LargestEntry)} is {LargestEntry}: an entry may have at least 1 byte.", parameter);
        }

        if (BlockBytes is < 4_096 or > 4 << 20)
        {
            throw new ArgumentException($"{nameof(BlockBytes)} is {BlockBytes}: a block has 4,096 to {4 << 20} bytes.", parameter);
        }

        return this;
    }
}
