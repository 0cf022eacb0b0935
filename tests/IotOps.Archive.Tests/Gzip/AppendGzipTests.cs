using System.Buffers.Binary;
using System.IO.Compression;
using FsCheck;
using FsCheck.Fluent;
using IotOps.Archive.Tests.Zip;
using IotOps.TestKit;

namespace IotOps.Archive.Tests.Gzip;

public sealed class AppendGzipTests
{
    private static readonly DateTimeOffset Noon = new(2023, 10, 1, 12, 0, 0, TimeSpan.Zero);
    private static readonly GzipSpliceOptions AsItIs = new() { EndWithNewline = false };

    [Theory]
    [InlineData(CompressionLevel.NoCompression)]
    [InlineData(CompressionLevel.Fastest)]
    [InlineData(CompressionLevel.Optimal)]
    [InlineData(CompressionLevel.SmallestSize)]
    public async Task Sources_are_joined_without_compressing_them_again(CompressionLevel level)
    {
        byte[] first = Content.Lines(300_000, 1);
        byte[] second = Content.Lines(100_001, 2);

        (byte[] entry, byte[] zip) = await ZipOf(async writer =>
        {
            await writer.AppendGzipAsync(new MemoryStream(GzipFile.Of(first, level)), AsItIs);
            await writer.AppendGzipAsync(new MemoryStream(GzipFile.Of(second, level)), AsItIs);
        });

        entry.AsSpan().SequenceEqual((byte[])[.. first, .. second]).ShouldBeTrue();
        zip.AsSpan().IndexOf(GzipFile.Of(first, level).AsSpan(12, 1_000)).ShouldBeGreaterThan(0, "the deflate blocks stand in the zip as they were");
    }

    [Fact]
    public async Task Plain_bytes_and_sources_take_turns_in_one_entry()
    {
        byte[] plain = Content.Lines(70_000, 3);
        byte[] gzip = Content.Lines(50_000, 4);

        (byte[] entry, _) = await ZipOf(async writer =>
        {
            await writer.WriteAsync(plain);
            await writer.AppendGzipAsync(new MemoryStream(GzipFile.Of(gzip)), AsItIs);
            await writer.WriteAsync(plain.AsMemory(0, 3));
            await writer.AppendGzipAsync(new MemoryStream(GzipFile.Of(gzip)), AsItIs);
            await writer.WriteAsync(plain);
        });

        entry.AsSpan().SequenceEqual((byte[])[.. plain, .. gzip, .. plain[..3], .. gzip, .. plain]).ShouldBeTrue();
    }

    [Fact]
    public async Task Members_empty_members_every_header_field_and_zeros_at_the_end_are_gzip_too()
    {
        byte[] file =
        [
            .. GzipFile.Of([]), .. GzipFile.WithAllFields("first\n"u8.ToArray()), .. GzipFile.Of([]),
            .. GzipFile.Of("second\n"u8.ToArray()), .. new byte[1_000],
        ];
        GzipSpliceResult? result = null;

        (byte[] entry, _) = await ZipOf(async writer => result = await writer.AppendGzipAsync(new MemoryStream(file)));

        entry.ShouldBe("first\nsecond\n"u8.ToArray());
        result!.Members.ShouldBe(4);
        result.Length.ShouldBe(13);
        result.Lines.ShouldBe(2);
        result.AddedNewline.ShouldBeFalse();
    }

    [Fact]
    public async Task A_source_of_nothing_adds_nothing()
    {
        (byte[] entry, _) = await ZipOf(async writer =>
            (await writer.AppendGzipAsync(new MemoryStream(GzipFile.Of([])))).ShouldBe(new GzipSpliceResult(1, 0, 0, 0, AddedNewline: false)));

        entry.ShouldBeEmpty();
    }

    [Theory]
    [InlineData("a", true)]
    [InlineData("a\n", false)]
    [InlineData("abcabcabcabcabcabcabcabcabc", true)]
    [InlineData("abc\nabc\nabc\nabc\nabc\n", false)]
    [InlineData("abc\nabc\nabc\nabc\nabc\n!", true)]
    public async Task A_missing_last_newline_is_added_and_no_other(string text, bool added)
    {
        foreach (CompressionLevel level in Enum.GetValues<CompressionLevel>())
        {
            byte[] plain = System.Text.Encoding.ASCII.GetBytes(text);
            GzipSpliceResult? result = null;

            (byte[] entry, _) = await ZipOf(async writer =>
            {
                result = await writer.AppendGzipAsync(new MemoryStream(GzipFile.Of(plain, level)));
                await writer.WriteAsync("next\n"u8.ToArray());
            });

            result!.AddedNewline.ShouldBe(added);
            result.Length.ShouldBe(plain.Length + (added ? 1 : 0));
            result.Lines.ShouldBe(text.Count(c => c == '\n') + (added ? 1 : 0));
            entry.ShouldBe((byte[])[.. plain, .. added ? "\n"u8.ToArray() : [], .. "next\n"u8.ToArray()]);
        }
    }

    [Fact]
    public async Task The_newline_of_the_last_member_counts_even_when_an_empty_one_follows()
    {
        byte[] file = [.. GzipFile.Of("a\n"u8.ToArray()), .. GzipFile.Of([])];

        (byte[] entry, _) = await ZipOf(async writer => await writer.AppendGzipAsync(new MemoryStream(file)));

        entry.ShouldBe("a\n"u8.ToArray());
    }

    [Fact]
    public async Task What_is_no_gzip_or_not_what_it_says_harms_nothing()
    {
        byte[] plain = Content.Lines(5_000);
        byte[] good = GzipFile.Of(plain);
        byte[] wrongLength = [.. good];
        BinaryPrimitives.WriteUInt32LittleEndian(wrongLength.AsSpan(good.Length - 4), 4_999);
        byte[] wrongCrc = [.. good];
        wrongCrc[^8] ^= 1;
        byte[] oddFlags = [.. good];
        oddFlags[3] = 0x80;
        byte[] oddMethod = [.. good];
        oddMethod[2] = 7;
        byte[] headerCrc = GzipFile.WithAllFields(plain);
        headerCrc[4] ^= 1;
        (byte[] File, string Message)[] bad =
        [
            ([], "no gzip"),
            ("plain text"u8.ToArray(), "no gzip"),
            (good[..5], "cut off"),
            (GzipFile.WithAllFields(plain)[..20], "cut off"),
            (good[..(good.Length / 2)], "ends in the middle"),
            (good[..^8], "ends"),
            (good[..^1], "trailer"),
            (wrongLength, "trailer says 4999"),
            (oddFlags, "flags"),
            (oddMethod, "method is 7"),
            (headerCrc, "CRC-16"),
            ([.. good, .. "garbage"u8], "no gzip"),
            ([.. good, .. good[..^9]], "Member 2"),
            (wrongCrc, "CRC-32"),
            (GzipFile.Around([0b111, 0], []), "unknown type"),
            (GzipFile.Around([1, 5, 0, 5, 0, 1, 2, 3, 4, 5], [1, 2, 3, 4, 5]), "complement"),

            // Fixed code: 'a', then a match of 3 at distance 2: one byte before the first.
            (GzipFile.Around([0x4B, 0x04, 0x11, 0x00, 0x00], "aaaa"u8.ToArray()), "before its first"),
        ];

        (byte[] entry, _) = await ZipOf(async writer =>
        {
            await writer.WriteAsync("before\n"u8.ToArray());
            foreach ((byte[] file, string message) in bad)
            {
                InvalidDataException refused = await Should.ThrowAsync<InvalidDataException>(async () => await writer.AppendGzipAsync(new MemoryStream(file)));
                refused.Message.ShouldContain(message);
                refused.Message.ShouldContain("Nothing of the source was written");
            }

            await writer.AppendGzipAsync(new MemoryStream(good));
        });

        entry.AsSpan().SequenceEqual((byte[])[.. "before\n"u8, .. plain, (byte)'\n']).ShouldBeTrue();
    }

    [Fact]
    public async Task A_source_as_long_as_the_buffer_is_looked_at_as_a_whole_before_any_of_it_is_written()
    {
        byte[] plain = Content.Random(150_001);
        byte[] file = GzipFile.Of(plain);
        byte[] bad = [.. file];
        bad[^8] ^= 1;

        (byte[] entry, _) = await ZipOf(async writer =>
        {
            InvalidDataException refused = await Should.ThrowAsync<InvalidDataException>(
                async () => await writer.AppendGzipAsync(new MemoryStream(bad), AsItIs with { BufferBytes = file.Length }));
            refused.Message.ShouldContain("Nothing of the source was written");
            await writer.AppendGzipAsync(new MemoryStream(file), AsItIs with { BufferBytes = file.Length });
        });

        entry.AsSpan().SequenceEqual(plain).ShouldBeTrue();
    }

    [Fact]
    public void Sources_of_any_shape_come_out_as_they_went_in() =>
        Prop.ForAll(
            Arb.From(Gen.Choose(0, int.MaxValue)),
            seed =>
            {
                var random = new Random(seed);
                var expected = new MemoryStream();
                (byte[] entry, _) = ZipOf(async writer =>
                {
                    for (int source = random.Next(1, 5); source > 0; source--)
                    {
                        var file = new MemoryStream();
                        for (int member = random.Next(1, 4); member > 0; member--)
                        {
                            byte[] plain = Content.Repetitive(random.Next(4) == 0 ? 0 : random.Next(40_000), random.Next(1, 257), random.Next());
                            var level = (CompressionLevel)random.Next(4);
                            file.Write(random.Next(3) == 0 ? GzipFile.WithAllFields(plain) : GzipFile.Of(plain, level, (ZLibCompressionStrategy)random.Next(5)));
                            expected.Write(plain);
                        }

                        file.Position = 0;
                        await writer.AppendGzipAsync(file, AsItIs);
                    }
                }).GetAwaiter().GetResult();
                entry.AsSpan().SequenceEqual(expected.ToArray()).ShouldBeTrue();
            }).Check(Config.QuickThrowOnFailure.WithReplay(20231001, 1).WithMaxTest(80));

    [Fact]
    public void A_damaged_source_is_refused_or_makes_a_zip_that_reads_as_the_source_does() =>
        Prop.ForAll(
            Arb.From(Gen.Choose(0, int.MaxValue)),
            seed =>
            {
                var random = new Random(seed);
                byte[] file = GzipFile.Of(Content.Repetitive(random.Next(1, 5_000), random.Next(1, 257), seed), (CompressionLevel)random.Next(4));
                file[random.Next(file.Length)] ^= (byte)(1 << random.Next(8));
                bool refused = false;
                (byte[] entry, _) = ZipOf(async writer =>
                {
                    try
                    {
                        await writer.AppendGzipAsync(new MemoryStream(file), AsItIs);
                    }
                    catch (InvalidDataException)
                    {
                        refused = true;
                    }
                }).GetAwaiter().GetResult();
                if (refused)
                {
                    entry.ShouldBeEmpty();
                    return;
                }

                var plain = new MemoryStream();
                using var gzip = new GZipStream(new MemoryStream(file), CompressionMode.Decompress);
                gzip.CopyTo(plain);
                entry.ShouldBe(plain.ToArray());
            }).Check(Config.QuickThrowOnFailure.WithReplay(20231001, 1).WithMaxTest(400));

    private static async Task<(byte[] Entry, byte[] Zip)> ZipOf(Func<ZipStreamWriter, Task> write)
    {
        var output = new MemoryStream();
        await using var writer = new ZipStreamWriter(output, new ZipStreamWriterOptions { Threads = 1 });
        writer.OpenEntry("a.log", Noon);
        await write(writer);
        await writer.CloseEntryAsync();
        await writer.CompleteAsync();
        return (ZipReading.Read(output).Single().Content, output.ToArray());
    }
}
