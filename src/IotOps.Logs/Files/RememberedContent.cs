namespace IotOps.Logs.Files;

/// <summary>The end of a file that was seen, not yet a whole event, before the file was truncated or deleted.</summary>
internal sealed class RememberedContent(long offset, byte[] bytes) : SourceContent
{
    public override bool IsImmutable => true;

    public override int Read(long at, Span<byte> target)
    {
        // Bytes before the start are asked for only to verify, and an immutable content is not verified.
        int skip = (int)Math.Clamp(at - offset, 0, bytes.Length);
        int count = Math.Min(bytes.Length - skip, target.Length);
        bytes.AsSpan(skip, count).CopyTo(target);
        return count;
    }

    public override FileStat Stat() => new(FileKind.Regular, default, offset + bytes.Length, 0, 0, 0);

    public override void Dispose()
    {
    }
}
