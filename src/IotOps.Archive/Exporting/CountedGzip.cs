using System.IO.Compression;
using System.IO.Pipelines;

namespace IotOps.Archive.Exporting;

/// <summary>A gzip source whose plain lines are counted, and whose CRC is verified, beside whoever reads it.</summary>
internal sealed class CountedGzip : Stream
{
    private readonly Stream _source;
    private readonly Pipe _copy = new(new PipeOptions(pauseWriterThreshold: 512 << 10, resumeWriterThreshold: 256 << 10, minimumSegmentSize: 64 << 10, useSynchronizationContext: false));
    private readonly Task<long> _counting;

    public CountedGzip(Stream source)
    {
        _source = source;
        _counting = Task.Run(CountAsync);
    }

    public override bool CanRead => true;

    public override bool CanSeek => false;

    public override bool CanWrite => false;

    public override long Length => throw new NotSupportedException();

    public override long Position
    {
        get => throw new NotSupportedException();
        set => throw new NotSupportedException();
    }

    /// <summary>Lines of all that was read, an unended last one included.</summary>
    /// <exception cref="InvalidDataException">The source is damaged.</exception>
    public async Task<long> LinesAsync()
    {
        await _copy.Writer.CompleteAsync().ConfigureAwait(false);
        return await _counting.ConfigureAwait(false);
    }

    public override async ValueTask<int> ReadAsync(Memory<byte> buffer, CancellationToken cancellationToken = default)
    {
        int count = await _source.ReadAsync(buffer, cancellationToken).ConfigureAwait(false);
        if (count > 0)
        {
            await _copy.Writer.WriteAsync(buffer[..count], cancellationToken).ConfigureAwait(false);
        }

        return count;
    }

    public override Task<int> ReadAsync(byte[] buffer, int offset, int count, CancellationToken cancellationToken) =>
        ReadAsync(buffer.AsMemory(offset, count), cancellationToken).AsTask();

    public override int Read(byte[] buffer, int offset, int count) => throw new NotSupportedException("Read asynchronously.");

    public override void Flush()
    {
    }

    public override long Seek(long offset, SeekOrigin origin) => throw new NotSupportedException();

    public override void SetLength(long value) => throw new NotSupportedException();

    public override void Write(byte[] buffer, int offset, int count) => throw new NotSupportedException();

    public override async ValueTask DisposeAsync()
    {
        await _copy.Writer.CompleteAsync().ConfigureAwait(false);
        await ((Task)_counting).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        await base.DisposeAsync().ConfigureAwait(false);
    }

    private async Task<long> CountAsync()
    {
        try
        {
            using var plain = new GZipStream(_copy.Reader.AsStream(leaveOpen: true), CompressionMode.Decompress);
            var lines = new LineCount();
            byte[] buffer = new byte[64 << 10];
            int count;
            while ((count = await plain.ReadAsync(buffer).ConfigureAwait(false)) > 0)
            {
                lines.Add(buffer.AsSpan(0, count));
            }

            return lines.Total;
        }
        finally
        {
            // What nobody reads any more must not hold up whoever writes.
            await _copy.Reader.CompleteAsync().ConfigureAwait(false);
        }
    }
}
