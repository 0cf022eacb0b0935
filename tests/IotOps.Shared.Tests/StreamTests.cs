namespace IotOps.Shared.Tests;

public sealed class StreamTests
{
    [Fact]
    public async Task A_stream_read_at_once_is_read_in_every_way()
    {
        await using var stream = new Numbers();
        byte[] buffer = new byte[4];
        stream.Read(buffer, 1, 2).ShouldBe(2);
        buffer.ShouldBe([0, 1, 2, 0]);
        stream.ReadByte().ShouldBe(3);
        (await stream.ReadAsync(buffer.AsMemory(0, 1), TestContext.Current.CancellationToken)).ShouldBe(1);
        buffer[0].ShouldBe((byte)4);
#pragma warning disable CA1835, MA0042 // The overload is what is tested.
        (await stream.ReadAsync(buffer, 2, 1, TestContext.Current.CancellationToken)).ShouldBe(1);
#pragma warning restore CA1835, MA0042
        buffer[2].ShouldBe((byte)5);
        await Should.ThrowAsync<OperationCanceledException>(() => stream.ReadAsync(buffer, new CancellationToken(canceled: true)).AsTask());
    }

    [Fact]
    public async Task A_stream_read_asynchronously_refuses_to_block()
    {
        await using var stream = new AsyncNumbers();
        byte[] buffer = new byte[2];
        (await stream.ReadAsync(buffer, TestContext.Current.CancellationToken)).ShouldBe(2);
        Should.Throw<NotSupportedException>(() => stream.ReadByte()).Message.ShouldBe("Read asynchronously.");
        Should.Throw<NotSupportedException>(() => stream.Read(buffer, 0, 2));
    }

    [Fact]
    public void A_stream_that_is_only_read_does_nothing_else()
    {
        using var stream = new Numbers();
        (stream.CanRead, stream.CanSeek, stream.CanWrite).ShouldBe((true, false, false));
        stream.Flush();
        Should.Throw<NotSupportedException>(() => stream.Length);
        Should.Throw<NotSupportedException>(() => stream.Position);
        Should.Throw<NotSupportedException>(() => stream.Position = 0);
        Should.Throw<NotSupportedException>(() => stream.Seek(0, SeekOrigin.Begin));
        Should.Throw<NotSupportedException>(() => stream.SetLength(0));
        Should.Throw<NotSupportedException>(() => stream.Write([1], 0, 1));
    }

    [Fact]
    public async Task A_stream_written_at_once_is_written_in_every_way()
    {
        await using var stream = new Collector();
        stream.Write([9, 1, 9], 1, 1);
        stream.WriteByte(2);
        await stream.WriteAsync(new byte[] { 3 }, TestContext.Current.CancellationToken);
#pragma warning disable CA1835, MA0042 // The overload is what is tested.
        await stream.WriteAsync([9, 4], 1, 1, TestContext.Current.CancellationToken);
#pragma warning restore CA1835, MA0042
        stream.Bytes.ShouldBe([1, 2, 3, 4]);
        await Should.ThrowAsync<OperationCanceledException>(async () => await stream.WriteAsync(new byte[1], new CancellationToken(canceled: true)));
        stream.Bytes.Count.ShouldBe(4);
    }

    [Fact]
    public async Task A_stream_written_asynchronously_refuses_to_block()
    {
        await using var stream = new AsyncCollector();
        await stream.WriteAsync(new byte[] { 1 }, TestContext.Current.CancellationToken);
        Should.Throw<NotSupportedException>(() => stream.WriteByte(2)).Message.ShouldBe("Write asynchronously.");
        Should.Throw<NotSupportedException>(() => stream.Write([2], 0, 1));
        stream.Bytes.ShouldBe([1]);
    }

    [Fact]
    public async Task A_stream_that_is_only_written_does_nothing_else()
    {
        await using var stream = new Collector();
        (stream.CanRead, stream.CanSeek, stream.CanWrite).ShouldBe((false, false, true));
        await stream.FlushAsync(TestContext.Current.CancellationToken);
        Should.Throw<NotSupportedException>(() => stream.Length);
        Should.Throw<NotSupportedException>(() => stream.Position);
        Should.Throw<NotSupportedException>(() => stream.Position = 0);
        Should.Throw<NotSupportedException>(() => stream.Seek(0, SeekOrigin.Begin));
        Should.Throw<NotSupportedException>(() => stream.SetLength(0));
        Should.Throw<NotSupportedException>(() => stream.ReadByte());
    }

    private sealed class Numbers : ReadOnlyStream
    {
        private byte _next;

        public override int Read(Span<byte> buffer)
        {
            foreach (ref byte b in buffer)
            {
                b = ++_next;
            }

            return buffer.Length;
        }
    }

    private sealed class AsyncNumbers : ReadOnlyStream
    {
        public override ValueTask<int> ReadAsync(Memory<byte> buffer, CancellationToken cancellationToken = default) => new(buffer.Length);
    }

    private sealed class Collector : WriteOnlyStream
    {
        public List<byte> Bytes { get; } = [];

        public override void Write(ReadOnlySpan<byte> buffer) => Bytes.AddRange(buffer);
    }

    private sealed class AsyncCollector : WriteOnlyStream
    {
        public List<byte> Bytes { get; } = [];

        public override ValueTask WriteAsync(ReadOnlyMemory<byte> buffer, CancellationToken cancellationToken = default)
        {
            Bytes.AddRange(buffer.Span);
            return ValueTask.CompletedTask;
        }
    }
}
