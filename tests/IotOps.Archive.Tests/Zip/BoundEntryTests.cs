using System.IO.Compression;
using System.Text;

namespace IotOps.Archive.Tests.Zip;

/// <summary>Entries that are bound below 4 GiB have no ZIP64 in them, whatever is in them.</summary>
public sealed class BoundEntryTests
{
    private static readonly DateTimeOffset When = new(2023, 10, 1, 0, 0, 0, TimeSpan.Zero);

    [Theory]
    [InlineData(1L << 30, true)]
    [InlineData(uint.MaxValue - 1L, true)]
    [InlineData((long)uint.MaxValue, false)]
    [InlineData(1L << 32, false)]
    [InlineData(long.MaxValue, false)]
    public async Task A_bound_below_4_GiB_makes_sizes_of_32_bits_and_no_ZIP64(long largest, bool isNarrow)
    {
        byte[] content = new byte[3 << 20];
        new Random(1).NextBytes(content);

        byte[] file = await WriteAsync(largest, async zip => await zip.WriteAsync(content));

        file[4].ShouldBe(isNarrow ? (byte)20 : (byte)45, "the version that a reader needs");
        BitConverter.ToUInt32(file, 18).ShouldBe(isNarrow ? 0 : uint.MaxValue);
        BitConverter.ToUInt16(file, 28).ShouldBe(isNarrow ? (ushort)9 : (ushort)29, "the time alone, or with ZIP64");
        int directory = file.AsSpan().LastIndexOf("PK\u0001\u0002"u8);
        file[directory + 6].ShouldBe(isNarrow ? (byte)20 : (byte)45);
        int descriptor = file.AsSpan(0, directory).LastIndexOf("PK\u0007\u0008"u8);
        (directory - descriptor).ShouldBe(isNarrow ? 16 : 24);
        Read(file).ShouldBe(content);
    }

    [Fact]
    public async Task An_entry_may_have_a_bound_of_its_own()
    {
        var output = new MemoryStream();
        await using (var zip = new ZipStreamWriter(output))
        {
            foreach (long? largest in new long?[] { null, 5_000_000 })
            {
                zip.OpenEntry("a", When, largest: largest);
                await zip.WriteAsync(new byte[3 << 20]);
                await zip.CloseEntryAsync();
            }

            await zip.CompleteAsync();
            zip.Entries.Select(e => e.IsNarrow).ShouldBe([false, true]);
        }
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task More_than_the_bound_throws_and_says_so(bool spliced)
    {
        byte[] content = Encoding.UTF8.GetBytes(new string('x', 1_001));
        await using var zip = new ZipStreamWriter(new MemoryStream(), new ZipStreamWriterOptions { LargestEntry = 1_000 });
        zip.OpenEntry("a", When);

        (await Should.ThrowAsync<InvalidOperationException>(async () =>
        {
            if (spliced)
            {
                await zip.AppendGzipAsync(new MemoryStream(Gzip(content)));
            }
            else
            {
                await zip.WriteAsync(content);
            }
        })).Message.ShouldContain("'a' was bound to 1000 bytes");
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task Exactly_the_bound_is_taken(bool spliced)
    {
        byte[] content = new byte[3 << 20];
        new Random(2).NextBytes(content);
        content[^1] = (byte)'\n';

        byte[] file = await WriteAsync(content.Length, async zip =>
        {
            if (spliced)
            {
                await zip.AppendGzipAsync(new MemoryStream(Gzip(content)));
            }
            else
            {
                await zip.WriteAsync(content);
            }
        });

        Read(file).ShouldBe(content);
    }

    [Fact]
    public async Task A_checkpoint_keeps_the_bound_and_one_without_goes_on_without()
    {
        var output = new MemoryStream();
        ZipCheckpoint checkpoint;
        await using (var begun = new ZipStreamWriter(output))
        {
            begun.OpenEntry("a", When, largest: 10_000);
            await begun.WriteAsync(new byte[9_000]);
            checkpoint = ZipCheckpoint.FromJson((await begun.CheckpointAsync()).ToJson());
        }

        ZipCheckpoint.FromJson("""{"bytesWritten":0,"entries":[],"openEntry":{"name":"a","lastWriteTime":"2023-10-01T00:00:00Z","profile":"Balanced","headerOffset":0,"crc32":0,"length":0,"compressedLength":0}}"""u8)
            .OpenEntry!.Largest.ShouldBeNull();
        await using (var beyond = new ZipStreamWriter(new MemoryStream(), checkpoint))
        {
            await Should.ThrowAsync<InvalidOperationException>(async () => await beyond.WriteAsync(new byte[1_001]));
        }

        await using (var resumed = new ZipStreamWriter(output, checkpoint))
        {
            await resumed.WriteAsync(new byte[1_000]);
            await resumed.CloseEntryAsync();
            await resumed.CompleteAsync();
        }

        Read(output.ToArray()).Length.ShouldBe(10_000);
    }

    private static async Task<byte[]> WriteAsync(long largest, Func<ZipStreamWriter, Task> write)
    {
        var output = new MemoryStream();
        await using var zip = new ZipStreamWriter(output, new ZipStreamWriterOptions { LargestEntry = largest });
        zip.OpenEntry("a", When);
        await write(zip);
        await zip.CloseEntryAsync();
        await zip.CompleteAsync();
        return output.ToArray();
    }

    private static byte[] Read(byte[] file)
    {
        using var zip = new ZipArchive(new MemoryStream(file));
        using Stream entry = zip.Entries[0].Open();
        var content = new MemoryStream();
        entry.CopyTo(content);
        return content.ToArray();
    }

    private static byte[] Gzip(byte[] content)
    {
        var file = new MemoryStream();
        using (var gzip = new GZipStream(file, CompressionLevel.Fastest, leaveOpen: true))
        {
            gzip.Write(content);
        }

        return file.ToArray();
    }
}
