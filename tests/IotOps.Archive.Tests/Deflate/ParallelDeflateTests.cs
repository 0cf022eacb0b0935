using IotOps.Shared;
using IotOps.TestKit;

namespace IotOps.Archive.Tests.Deflate;

public sealed class ParallelDeflateTests
{
    [Theory]
    [InlineData(1)]
    [InlineData(4)]
    public async Task A_stream_of_many_blocks_inflates_to_what_was_written(int threads)
    {
        byte[] content = [.. Content.Lines(300_000), .. Content.Random(30_000), .. Content.Lines(100_000)];
        foreach (DeflateProfile profile in Enum.GetValues<DeflateProfile>())
        {
            var output = new MemoryStream();
            await using var deflate = new ParallelDeflate(output, new ZipStreamWriterOptions { Threads = threads, Profile = profile, BlockBytes = 32_768 });
            await deflate.WriteAsync(content.AsMemory(0, 123_456));
            await deflate.FlushAsync();
            Inflated.By((byte[])[.. output.ToArray(), 3, 0]).AsSpan().SequenceEqual(content.AsSpan(0, 123_456)).ShouldBeTrue("a flush brings all that was written");
            await deflate.WriteAsync(content.AsMemory(123_456));
            await deflate.CompleteAsync();

            Inflated.By(output.ToArray()).AsSpan().SequenceEqual(content).ShouldBeTrue();
            deflate.Crc32.ShouldBe(Crc32.Append(0, content));
            deflate.Length.ShouldBe(content.Length);
            deflate.CompressedLength.ShouldBe(output.Length);
        }
    }

    [Fact]
    public async Task What_a_block_refers_to_may_lie_in_the_one_before()
    {
        byte[] random = Content.Random(32_768);
        var output = new MemoryStream();
        await using var deflate = new ParallelDeflate(output, new ZipStreamWriterOptions { BlockBytes = 32_768 });

        await deflate.WriteAsync((byte[])[.. random, .. random]);
        await deflate.CompleteAsync();

        output.Length.ShouldBeLessThan(35_000);
        Inflated.By(output.ToArray()).AsSpan().SequenceEqual((byte[])[.. random, .. random]).ShouldBeTrue();
    }

    [Fact]
    public async Task After_its_end_nothing_can_be_added()
    {
        await using var deflate = new ParallelDeflate(new MemoryStream());
        await deflate.CompleteAsync();

        await Should.ThrowAsync<InvalidOperationException>(async () => await deflate.WriteAsync(new byte[1]));
    }
}
