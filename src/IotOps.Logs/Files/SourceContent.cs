namespace IotOps.Logs.Files;

/// <summary>The bytes of a source, wherever they are now.</summary>
internal abstract class SourceContent : IDisposable
{
    /// <summary>What was there stays; nothing needs to be verified.</summary>
    public virtual bool IsImmutable => false;

    /// <summary>Fills the target from an offset on; less only at the end.</summary>
    public abstract int Read(long offset, Span<byte> target);

    /// <summary>The first offset from this one on that may hold something else than a hole; null when there is none.</summary>
    public virtual long? NextData(long offset) => offset;

    /// <summary>What the system says about the open file.</summary>
    public abstract FileStat Stat();

    public abstract void Dispose();
}
