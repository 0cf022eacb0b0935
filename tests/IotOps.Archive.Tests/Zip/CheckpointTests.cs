using FsCheck;
using FsCheck.Fluent;
using IotOps.TestKit;

namespace IotOps.Archive.Tests.Zip;

public sealed class CheckpointTests
{
    private static readonly DateTimeOffset Noon = new(2023, 10, 1, 12, 0, 0, TimeSpan.Zero);
    private static readonly ZipStreamWriterOptions Options = new() { Threads = 2, BlockBytes = 16_384 };

    /// <summary>Writes go on in a new writer at each checkpoint, as after a killed process, and the zip is the same as of one that only paused there.</summary>
    [Fact]
    public void A_zip_that_went_on_from_checkpoints_is_the_same_to_the_byte() =>
        Prop.ForAll(Arb.From(Gen.Choose(0, int.MaxValue)), seed =>
        {
            (byte[] paused, List<(string, byte[])> expected) = WriteAsync(seed, resume: false).GetAwaiter().GetResult();
            (byte[] resumed, _) = WriteAsync(seed, resume: true).GetAwaiter().GetResult();
            resumed.AsSpan().SequenceEqual(paused).ShouldBeTrue();
            List<(string Name, byte[] Content)> read = ZipReading.Read(new MemoryStream(resumed));
            read.Count.ShouldBe(expected.Count);
            foreach (((string name, byte[] content), (string expectedName, byte[] expectedContent)) in read.Zip(expected))
            {
                name.ShouldBe(expectedName);
                content.AsSpan().SequenceEqual(expectedContent).ShouldBeTrue();
            }
        }).Check(Config.QuickThrowOnFailure.WithReplay(20231001, 1).WithMaxTest(40));

    [Fact]
    public async Task All_that_was_written_is_on_the_output_at_a_checkpoint()
    {
        var output = new MemoryStream();
        await using var zip = new ZipStreamWriter(output, Options);
        zip.OpenEntry("a.log", Noon);
        await zip.WriteAsync(Content.Lines(100_000));

        ZipCheckpoint checkpoint = await zip.CheckpointAsync();

        checkpoint.BytesWritten.ShouldBe(output.Length);
        checkpoint.OpenEntry!.Length.ShouldBe(100_000);
        checkpoint.OpenEntry.HeaderOffset.ShouldBe(0);
        checkpoint.Entries.ShouldBeEmpty();
    }

    [Fact]
    public async Task A_checkpoint_is_the_same_after_its_JSON()
    {
        await using var zip = new ZipStreamWriter(new MemoryStream(), Options);
        zip.OpenEntry("é.log", Noon);
        await zip.CloseEntryAsync();
        zip.OpenEntry("b.log", Noon, DeflateProfile.Fast);
        await zip.WriteAsync(Content.Lines(100));
        ZipCheckpoint checkpoint = await zip.CheckpointAsync();

        var read = ZipCheckpoint.FromJson(checkpoint.ToJson());

        read.BytesWritten.ShouldBe(checkpoint.BytesWritten);
        read.OpenEntry.ShouldBe(checkpoint.OpenEntry);
        read.Entries.ShouldBe(checkpoint.Entries);
    }

    [Theory]
    [InlineData("")]
    [InlineData("null")]
    [InlineData("{\"bytesWritten\":1")]
    [InlineData("{\"bytesWritten\":1}")]
    public void What_is_no_checkpoint_is_refused(string json) =>
        Should.Throw<InvalidDataException>(() => ZipCheckpoint.FromJson(System.Text.Encoding.UTF8.GetBytes(json))).Message.ShouldContain("begin the zip anew");

    [Fact]
    public async Task Names_of_before_the_checkpoint_are_taken()
    {
        await using var before = new ZipStreamWriter(new MemoryStream());
        before.OpenEntry("a.log", Noon);
        await before.CloseEntryAsync();
        before.OpenEntry("b.log", Noon);
        ZipCheckpoint checkpoint = await before.CheckpointAsync();

        await using var zip = new ZipStreamWriter(new MemoryStream(), checkpoint);
        await zip.CloseEntryAsync();
        zip.OpenEntry("A.log", Noon).ShouldBe("A (2).log");
        await zip.CloseEntryAsync();
        zip.OpenEntry("b.log", Noon).ShouldBe("b (2).log");
    }

    [Fact]
    public void Shards_in_any_number_make_one_zip() =>
        Prop.ForAll(Arb.From(Gen.Zip(Gen.Choose(0, 6), Gen.Choose(0, int.MaxValue))), c =>
        {
            var whole = new MemoryStream();
            var shards = new List<ZipShard>();
            var expected = new List<string>();
            for (int i = 0; i < c.Item1; i++)
            {
                var random = new Random(c.Item2 + i);
                var part = new MemoryStream();
                var writer = new ZipStreamWriter(part, Options);
                for (int k = random.Next(0, 4); k > 0; k--)
                {
                    expected.Add(writer.OpenEntry($"{i}/{k}.log", Noon));
                    writer.WriteAsync(Content.Lines(random.Next(60_000), c.Item2)).AsTask().GetAwaiter().GetResult();
                    writer.CloseEntryAsync().AsTask().GetAwaiter().GetResult();
                }

                shards.Add(writer.CompleteShardAsync().AsTask().GetAwaiter().GetResult());
                shards[^1].Length.ShouldBe(part.Length);
                writer.DisposeAsync().AsTask().GetAwaiter().GetResult();
                part.WriteTo(whole);
            }

            long offset = whole.Length;
            ZipDirectory.WriteAsync(whole, ZipDirectory.Merge(shards), offset).AsTask().GetAwaiter().GetResult();
            ZipReading.Read(whole).Select(entry => entry.Name).ShouldBe(expected);
        }).Check(Config.QuickThrowOnFailure.WithReplay(20231001, 1).WithMaxTest(40));

    [Fact]
    public void Shards_that_share_a_name_are_refused()
    {
        ZipEntry entry = new()
        {
            Name = "a.log",
            LastWriteTime = Noon,
            Crc32 = 0,
            Length = 0,
            CompressedLength = 0,
            HeaderOffset = 0,
            IsStored = true,
            HasDescriptor = false,
        };

        Should.Throw<ArgumentException>(() => ZipDirectory.Merge([new ZipShard([entry], 50), new ZipShard([entry with { Name = "A.LOG" }], 50)]))
            .Message.ShouldContain("A.LOG");
    }

    private static async Task<(byte[] Zip, List<(string Name, byte[] Content)> Expected)> WriteAsync(int seed, bool resume)
    {
        var random = new Random(seed);
        var output = new MemoryStream();
        var expected = new List<(string, byte[])>();
        var writer = new ZipStreamWriter(output, Options);
        for (int entry = random.Next(1, 4); entry > 0; entry--)
        {
            string name = writer.OpenEntry("same.log", Noon, (DeflateProfile)random.Next(4));
            var content = new MemoryStream();
            for (int piece = random.Next(0, 5); piece > 0; piece--)
            {
                byte[] bytes = Content.Lines(random.Next(50_000), random.Next());
                if (random.Next(3) == 0)
                {
                    await writer.AppendGzipAsync(new MemoryStream(GzipFile.Of(bytes)), new GzipSpliceOptions { EndWithNewline = false });
                }
                else
                {
                    await writer.WriteAsync(bytes);
                }

                content.Write(bytes);
                if (random.Next(2) == 0)
                {
                    writer = await CheckpointAsync(writer);
                }
            }

            await writer.CloseEntryAsync();
            expected.Add((name, content.ToArray()));
            writer = random.Next(2) == 0 ? await CheckpointAsync(writer) : writer;
        }

        await writer.CompleteAsync();
        await writer.DisposeAsync();
        return (output.ToArray(), expected);

        async Task<ZipStreamWriter> CheckpointAsync(ZipStreamWriter current)
        {
            ZipCheckpoint checkpoint = await current.CheckpointAsync();
            if (!resume)
            {
                return current;
            }

            // What a killed writer wrote behind its checkpoint is not there any more.
            await current.DisposeAsync();
            output.SetLength(checkpoint.BytesWritten);
            return new ZipStreamWriter(output, ZipCheckpoint.FromJson(checkpoint.ToJson()), Options);
        }
    }
}
