namespace IotOps.TestKit;

/// <summary>A real file's stream on a disk with faults.</summary>
/// <remarks>
/// Every kind of write ends in the array one: for a derived stream FileStream's own span and async writes come back to it through Stream.
/// </remarks>
internal sealed class FaultyFileStream(FaultyFileSystem disk, string path, FileStreamOptions options) : FileStream(path, options)
{
    public override int Read(byte[] buffer, int offset, int count)
    {
        disk.Reading(Name);
        return base.Read(buffer, offset, count);
    }

    public override int Read(Span<byte> buffer)
    {
        disk.Reading(Name);
        return base.Read(buffer);
    }

    public override void Write(byte[] buffer, int offset, int count)
    {
        int fits = disk.Reserve(Name, count);
        base.Write(buffer, offset, fits);
        if (fits < count)
        {
            // What did fit is on the disk, as with a real torn write.
            base.Flush(flushToDisk: false);
            throw new IOException($"No space left on device : '{Name}'");
        }
    }

    public override void Write(ReadOnlySpan<byte> buffer) => Write(buffer.ToArray(), 0, buffer.Length);

    public override void WriteByte(byte value) => Write([value], 0, 1);

    public override Task WriteAsync(byte[] buffer, int offset, int count, CancellationToken cancellationToken)
    {
        Write(buffer, offset, count);
        return Task.CompletedTask;
    }

    public override ValueTask WriteAsync(ReadOnlyMemory<byte> buffer, CancellationToken cancellationToken = default)
    {
        Write(buffer.ToArray(), 0, buffer.Length);
        return ValueTask.CompletedTask;
    }

    public override void Flush(bool flushToDisk)
    {
        if (flushToDisk)
        {
            disk.Flushing(Name);
        }

        base.Flush(flushToDisk);
    }
}
