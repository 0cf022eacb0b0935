namespace IotOps.Benchmarks.Mqtt;

/// <summary>A broker that accepts, and then takes everything and says nothing.</summary>
internal sealed class SinkStream : Stream
{
    private static readonly byte[] ConnAck = [0x20, 3, 0, 0, 0];

    private readonly TaskCompletionSource<int> _end = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private bool _accepted;

    public override bool CanRead => true;

    public override bool CanSeek => false;

    public override bool CanWrite => true;

    public override long Length => throw new NotSupportedException();

    public override long Position
    {
        get => throw new NotSupportedException();
        set => throw new NotSupportedException();
    }

    public void End() => _end.TrySetResult(0);

    public override ValueTask<int> ReadAsync(Memory<byte> buffer, CancellationToken cancellationToken = default)
    {
        if (_accepted)
        {
            return new ValueTask<int>(_end.Task);
        }

        _accepted = true;
        ConnAck.CopyTo(buffer);
        return new ValueTask<int>(ConnAck.Length);
    }

    public override ValueTask WriteAsync(ReadOnlyMemory<byte> buffer, CancellationToken cancellationToken = default) => ValueTask.CompletedTask;

    public override void Flush()
    {
    }

    public override int Read(byte[] buffer, int offset, int count) => throw new NotSupportedException();

    public override void Write(byte[] buffer, int offset, int count) => throw new NotSupportedException();

    public override long Seek(long offset, SeekOrigin origin) => throw new NotSupportedException();

    public override void SetLength(long value) => throw new NotSupportedException();
}
