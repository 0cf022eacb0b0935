using IotOps.TestKit;

namespace IotOps.Archive.Tests.Zip;

public sealed class ZipFailureTests
{
    private static readonly DateTimeOffset Noon = new(2023, 10, 1, 12, 0, 0, TimeSpan.Zero);

    [Theory]
    [InlineData(1)]
    [InlineData(3)]
    public async Task After_a_failed_write_the_writer_only_says_why(int threads)
    {
        await using var zip = new ZipStreamWriter(new FullStream(100_000), new ZipStreamWriterOptions { Threads = threads, BlockBytes = 16_384 });
        zip.OpenEntry("a.bin", Noon);

        IOException full = await Should.ThrowAsync<IOException>(async () =>
        {
            await zip.WriteAsync(Content.Random(1_000_000));
            await zip.CloseEntryAsync();
            await zip.CompleteAsync();
        });

        InvalidOperationException later = await Should.ThrowAsync<InvalidOperationException>(async () => await zip.CompleteAsync());
        later.InnerException.ShouldBe(full);
        later.Message.ShouldContain("checkpoint");
    }

    [Fact]
    public async Task Cancelling_is_not_wrapped_and_ends_the_writer()
    {
        using var cancellation = new CancellationTokenSource();
        await using var zip = new ZipStreamWriter(new StuckStream(), new ZipStreamWriterOptions { Threads = 2, BlockBytes = 16_384 });
        zip.OpenEntry("a.bin", Noon);
        Task writing = zip.WriteAsync(Content.Random(1_000_000), cancellation.Token).AsTask();
        writing.IsCompleted.ShouldBeFalse("an output that takes nothing holds the writer up: memory is bounded");

        await cancellation.CancelAsync();

        await Should.ThrowAsync<OperationCanceledException>(() => writing);
        await Should.ThrowAsync<InvalidOperationException>(async () => await zip.CloseEntryAsync());
    }

    [Fact]
    public async Task Calls_out_of_order_are_refused_and_change_nothing()
    {
        var output = new MemoryStream();
        await using var zip = new ZipStreamWriter(output);
        await Should.ThrowAsync<InvalidOperationException>(async () => await zip.WriteAsync(new byte[1]));
        await Should.ThrowAsync<InvalidOperationException>(async () => await zip.CloseEntryAsync());
        zip.OpenEntry("a", Noon);
        Should.Throw<InvalidOperationException>(() => zip.OpenEntry("b", Noon));
        await Should.ThrowAsync<InvalidOperationException>(async () => await zip.CompleteAsync());
        await zip.CloseEntryAsync();
        await zip.CompleteAsync();
        Should.Throw<InvalidOperationException>(() => zip.OpenEntry("c", Noon));

        ZipReading.Read(output).Single().Name.ShouldBe("a");
        await zip.DisposeAsync();
        Should.Throw<ObjectDisposedException>(() => zip.OpenEntry("c", Noon));
        output.CanWrite.ShouldBeTrue("the output is the caller's");
    }

    [Fact]
    public void Options_out_of_range_are_told_by_name()
    {
        foreach (ZipStreamWriterOptions bad in new ZipStreamWriterOptions[] { new() { Threads = 0 }, new() { BlockBytes = 4_095 }, new() { Profile = (DeflateProfile)9 } })
        {
            Should.Throw<ArgumentException>(() => new ZipStreamWriter(new MemoryStream(), bad)).ParamName.ShouldBe("options");
        }
    }

    [Fact]
    public async Task An_entry_is_a_stream_too_for_code_that_writes_to_one()
    {
        var output = new MemoryStream();
        await using var zip = new ZipStreamWriter(output);
        await using (Stream entry = zip.OpenEntryStream("a.log", Noon))
        {
            await new MemoryStream(Content.Lines(50_000)).CopyToAsync(entry);
            await entry.FlushAsync();
            Should.Throw<NotSupportedException>(() => entry.Write([1], 0, 1));
        }

        await zip.CompleteAsync();

        ZipReading.Read(output).Single().Content.AsSpan().SequenceEqual(Content.Lines(50_000)).ShouldBeTrue();
        zip.Entries.Single().HasDescriptor.ShouldBeFalse("a flush of the stream ends no block");
    }

    [Fact]
    public async Task The_bytes_do_not_depend_on_threads_or_on_how_the_writes_are_cut()
    {
        byte[] content = [.. Content.Lines(150_000), .. Content.Random(50_000)];
        var zips = new List<byte[]>();
        foreach ((int threads, int piece) in new[] { (1, 200_000), (2, 1_000), (4, 33_333) })
        {
            var output = new MemoryStream();
            await using var zip = new ZipStreamWriter(output, new ZipStreamWriterOptions { Threads = threads, BlockBytes = 32_768 });
            zip.OpenEntry("a.log", Noon);
            foreach (byte[] bytes in content.Chunk(piece))
            {
                await zip.WriteAsync(bytes);
            }

            await zip.CloseEntryAsync();
            await zip.CompleteAsync();
            zips.Add(output.ToArray());
        }

        zips[1].AsSpan().SequenceEqual(zips[0]).ShouldBeTrue();
        zips[2].AsSpan().SequenceEqual(zips[0]).ShouldBeTrue();
    }

    private sealed class FullStream(int capacity) : MemoryStream
    {
        public override ValueTask WriteAsync(ReadOnlyMemory<byte> buffer, CancellationToken cancellationToken = default) =>
            Length + buffer.Length > capacity ? throw new IOException("No space left on device") : base.WriteAsync(buffer, cancellationToken);
    }

    private sealed class StuckStream : MemoryStream
    {
        public override async ValueTask WriteAsync(ReadOnlyMemory<byte> buffer, CancellationToken cancellationToken = default) =>
            await Task.Delay(Timeout.InfiniteTimeSpan, TimeProvider.System, cancellationToken);
    }
}
