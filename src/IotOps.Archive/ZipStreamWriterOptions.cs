namespace IotOps.Archive;

/// <summary>How a <see cref="ZipStreamWriter"/> or <see cref="ParallelDeflate"/> compresses.</summary>
public sealed record ZipStreamWriterOptions
{
    /// <summary>How hard, where an entry does not say otherwise.</summary>
    public DeflateProfile Profile { get; init; } = DeflateProfile.Balanced;

    /// <summary>
    /// Threads that compress, 1-256; by default one a processor. With 1 everything happens on the caller's thread; with more, on the thread pool.
    /// The bytes written are the same whatever the number.
    /// </summary>
    public int Threads { get; init; } = Environment.ProcessorCount;

    /// <summary>
    /// Plain bytes that are compressed as one block, 4,096-4,194,304. Smaller blocks spread over more threads and cost ratio.
    /// About twice as many blocks as threads are in memory, each with its output.
    /// </summary>
    public int BlockBytes { get; init; } = 1 << 20;

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

        if (BlockBytes is < 4_096 or > 4 << 20)
        {
            throw new ArgumentException($"{nameof(BlockBytes)} is {BlockBytes}: a block has 4,096 to {4 << 20} bytes.", parameter);
        }

        return this;
    }
}
