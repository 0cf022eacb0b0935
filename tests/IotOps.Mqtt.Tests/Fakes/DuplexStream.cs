using System.IO.Pipelines;

namespace IotOps.Mqtt.Tests.Fakes;

/// <summary>The client's end of a connection in memory. Keeps each write by itself, to see what shares one.</summary>
internal sealed class DuplexStream(PipeReader fromBroker, PipeWriter toBroker, FakeMeter meter) : Stream
{
    private readonly List<byte[]> _writes = [];
    private volatile bool _aborted;

    public override bool CanRead => true;

    public override bool CanSeek => false;

    public override bool CanWrite => true;

    public override long Length => throw new NotSupportedException();

    public override long Position
    {
        get => throw new NotSupportedException();
        set => throw new NotSupportedException();
    }

    /// <summary>Makes writes wait, as a full socket does.</summary>
    public TaskCompletionSource? Stall { get; set; }

    /// <summary>A write waits.</summary>
    public bool IsStalled { get; private set; }

    public byte[][] Writes
    {
        get { lock (_writes) { return [.. _writes]; } }
    }

    public void Abort()
    {
        _aborted = true;
        Stall?.TrySetException(new IOException("aborted"));
        fromBroker.CancelPendingRead();
        toBroker.Complete();
    }

    public override async ValueTask<int> ReadAsync(Memory<byte> buffer, CancellationToken cancellationToken = default)
    {
        ReadResult result = await fromBroker.ReadAsync(cancellationToken);
        ObjectDisposedException.ThrowIf(_aborted, this);
        int count = (int)Math.Min(buffer.Length, result.Buffer.Length);
        System.Buffers.BuffersExtensions.CopyTo(result.Buffer.Slice(0, count), buffer.Span);
        fromBroker.AdvanceTo(result.Buffer.GetPosition(count));
        return count;
    }

    public override async ValueTask WriteAsync(ReadOnlyMemory<byte> buffer, CancellationToken cancellationToken = default)
    {
        ObjectDisposedException.ThrowIf(_aborted, this);
        if (Stall is { } stall)
        {
            IsStalled = true;
            await stall.Task;
        }

        lock (_writes)
        {
            _writes.Add(buffer.ToArray());
        }

        meter.Take(buffer.Length);

        await toBroker.WriteAsync(buffer, CancellationToken.None);
    }

    public override Task<int> ReadAsync(byte[] buffer, int offset, int count, CancellationToken cancellationToken) =>
        ReadAsync(buffer.AsMemory(offset, count), cancellationToken).AsTask();

    public override Task WriteAsync(byte[] buffer, int offset, int count, CancellationToken cancellationToken) =>
        WriteAsync(buffer.AsMemory(offset, count), cancellationToken).AsTask();

    public override void Flush()
    {
    }

    public override int Read(byte[] buffer, int offset, int count) => throw new NotSupportedException();

    public override void Write(byte[] buffer, int offset, int count) => throw new NotSupportedException();

    public override long Seek(long offset, SeekOrigin origin) => throw new NotSupportedException();

    public override void SetLength(long value) => throw new NotSupportedException();
}
