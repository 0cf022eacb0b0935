namespace IotOps.Emulator.S3;

/// <summary>The bytes of an object or part. Never changes.</summary>
internal abstract class Blob
{
    public abstract long Length { get; }

    public abstract Task CopyToAsync(Stream target, long offset, long count, CancellationToken cancellationToken);

    /// <summary>Gives up what it takes on disk; readers that have begun go on.</summary>
    public virtual void Delete()
    {
    }
}
