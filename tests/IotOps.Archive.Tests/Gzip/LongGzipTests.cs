using System.Buffers.Binary;
using System.IO.Compression;
using FsCheck;
using FsCheck.Fluent;
using IotOps.Archive.Tests.Zip;
using IotOps.TestKit;

namespace IotOps.Archive.Tests.Gzip;

/// <summary>Sources longer than is held: they are written while they are read.</summary>
public sealed class LongGzipTests
{
    private const int Held = 65_536;
    private static readonly DateTimeOffset Noon = new(2023, 10, 1, 12, 0, 0, TimeSpan.Zero);
    private static readonly GzipSpliceOptions Options = new() { BufferBytes = Held };

    [Fact]
    public async Task No_more_of_a_source_is_held_than_was_asked_for()
    {
        byte[] member = GzipFile.Of(Content.Lines(3_000_000));
        var output = new MemoryStream();
        await using var writer = new ZipStreamWriter(output, new ZipStreamWriterOptions { Threads = 1 });
        writer.OpenEntry("a.log", Noon);
        long most = 0;
        var source = new PiecedStream([.. Enumerable.Repeat(member, 5).SelectMany(bytes => bytes)], 50_000, position => most = Math.Max(most, position - writer.BytesWritten));

        GzipSpliceResult result = await writer.AppendGzipAsync(source, Options);

        result.Members.ShouldBe(5);
        result.Length.ShouldBe((5 * 3_000_000) + 1);
        member.Length.ShouldBeGreaterThan(5 * Held);
        most.ShouldBeLessThan(2 * Held, "read ahead of what was written");
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task Members_of_nothing_and_zeros_at_the_end_are_not_held(bool behindSomething)
    {
        byte[] nothing = [.. Enumerable.Repeat(GzipFile.WithAllFields([]), 20_000).SelectMany(bytes => bytes)];
        byte[] something = GzipFile.Of("a\n"u8.ToArray());
        var source = new PiecedStream([.. behindSomething ? something : [], .. nothing, .. something, .. new byte[1_000_000]], 10_000);

        (byte[] entry, byte[] zip) = await ZipOf(async writer => await writer.AppendGzipAsync(source, Options));

        entry.ShouldBe(behindSomething ? "a\na\n"u8.ToArray() : "a\n"u8.ToArray());
        zip.Length.ShouldBeLessThan(1_000);
        source.Position.ShouldBe(source.Length);
        source.LongestArray.ShouldBeLessThan(4 * Held);
    }

    [Fact]
    public void The_zip_is_the_same_whatever_pieces_the_source_comes_in() =>
        Prop.ForAll(
            Arb.From(Gen.Choose(0, int.MaxValue)),
            seed =>
            {
                var random = new Random(seed);
                var file = new MemoryStream();
                var plain = new MemoryStream();
                for (int member = random.Next(1, 6); member > 0; member--)
                {
                    byte[] content = random.Next(4) == 0 ? [] : random.Next(3) == 0 ? Content.Random(random.Next(1, 150_000), seed) : Content.Repetitive(random.Next(1, 400_000), random.Next(1, 257), random.Next());
                    file.Write(random.Next(4) == 0 ? GzipFile.WithAllFields(content) : GzipFile.Of(content, (CompressionLevel)random.Next(4), (ZLibCompressionStrategy)random.Next(5)));
                    plain.Write(content);
                }

                file.Write(new byte[random.Next(2) * random.Next(100_000)]);
                int piece = random.Next(1, random.Next(2, 300_000));
                byte[] whole = ZipOf(new MemoryStream(file.ToArray()), out byte[] entry);
                byte[] pieced = ZipOf(new PiecedStream(file.ToArray(), piece), out _);

                entry.AsSpan().SequenceEqual(plain.ToArray()).ShouldBeTrue();
                pieced.AsSpan().SequenceEqual(whole).ShouldBeTrue();
            }).Check(Config.QuickThrowOnFailure.WithReplay(20231001, 1).WithMaxTest(60));

    [Fact]
    public async Task A_source_may_come_byte_by_byte()
    {
        byte[] plain = Content.Lines(500_000);
        byte[] file = GzipFile.WithAllFields(plain);

        (byte[] entry, _) = await ZipOf(async writer => await writer.AppendGzipAsync(new PiecedStream(file, 1), Options));

        entry.AsSpan(0, plain.Length).SequenceEqual(plain).ShouldBeTrue();
    }

    [Fact]
    public async Task A_header_may_be_long_but_not_endless()
    {
        byte[] member = GzipFile.Of("a\n"u8.ToArray());
        byte[] longName = [.. member[..3], 8, .. member[4..10], .. Enumerable.Repeat((byte)'n', 300_000), 0, .. member[10..]];
        byte[] endless = [.. longName[..10], .. Enumerable.Repeat((byte)'n', 3_000_000)];

        (byte[] entry, _) = await ZipOf(async writer =>
        {
            (await writer.AppendGzipAsync(new PiecedStream(longName, 7_001), Options)).Length.ShouldBe(2);
            (await Should.ThrowAsync<InvalidDataException>(async () => await writer.AppendGzipAsync(new MemoryStream(endless), Options)))
                .Message.ShouldContain("Its header is longer");
        });

        entry.ShouldBe("a\n"u8.ToArray());
    }

    [Theory]
    [InlineData("CRC-32")]
    [InlineData("modulo 2^32")]
    [InlineData("ends before its trailer")]
    [InlineData("ends in the middle")]
    [InlineData("something that is no gzip")]
    [InlineData("Its flags are")]
    public async Task A_fault_far_behind_is_told_and_what_came_before_stays_good(string fault)
    {
        byte[] plain = Content.Lines(2_000_001);
        byte[] good = GzipFile.Of(plain);
        byte[] bad = [.. good];
        switch (fault)
        {
            case "CRC-32":
                bad[^8] ^= 1;
                break;
            case "modulo 2^32":
                BinaryPrimitives.WriteUInt32LittleEndian(bad.AsSpan(bad.Length - 4), 7);
                break;
            case "ends before its trailer":
                bad = bad[..^3];
                break;
            case "ends in the middle":
                bad = bad[..^1_000];
                break;
            case "something that is no gzip":
                bad = [.. bad, 0, 0, 9];
                break;
            default:
                bad = [.. bad, 0x1F, 0x8B, 8, 0xFF, .. new byte[20]];
                break;
        }

        string message = "";
        (byte[] entry, _) = await ZipOf(async writer =>
        {
            await writer.WriteAsync("before\n"u8.ToArray());
            message = (await Should.ThrowAsync<InvalidDataException>(async () => await writer.AppendGzipAsync(new PiecedStream(bad, 10_000), Options))).Message;
            await writer.WriteAsync("behind\n"u8.ToArray());
            await writer.AppendGzipAsync(new MemoryStream(good), Options);
        });

        message.ShouldContain(fault);
        int kept = Kept(entry, plain);
        message.ShouldContain($"Its first {kept} plain bytes are in the entry already");
        kept.ShouldBeGreaterThan(plain.Length - 150_000, "what is lost is about what was read last");
        if (fault is not "ends in the middle")
        {
            kept.ShouldBe(plain.Length);
        }
    }

    [Fact]
    public void Damage_anywhere_leaves_a_zip_that_reads_and_holds_what_came_before() =>
        Prop.ForAll(
            Arb.From(Gen.Choose(0, int.MaxValue)),
            seed =>
            {
                var random = new Random(seed);
                byte[] plain = random.Next(4) == 0 ? Content.Random(300_000, seed) : Content.Repetitive(800_000, random.Next(2, 257), seed);
                byte[] file = GzipFile.Of(plain, (CompressionLevel)random.Next(4), (ZLibCompressionStrategy)random.Next(5));
                int place = random.Next(10, file.Length);
                file[place] ^= (byte)(1 << random.Next(8));
                bool refused = false;
                (byte[] entry, _) = ZipOf(async writer =>
                {
                    await writer.WriteAsync("before\n"u8.ToArray());
                    try
                    {
                        await writer.AppendGzipAsync(new PiecedStream(file, random.Next(1_000, 100_000)), Options);
                    }
                    catch (InvalidDataException)
                    {
                        refused = true;
                    }

                    await writer.WriteAsync("behind\n"u8.ToArray());
                }).GetAwaiter().GetResult();

                // A flipped bit makes other bytes, and later ones of those; a CRC finds each of them.
                refused.ShouldBeTrue();
                entry.AsSpan().StartsWith("before\n"u8).ShouldBeTrue();
                entry.AsSpan().EndsWith("\nbehind\n"u8).ShouldBeTrue();
                int same = entry.AsSpan(7).CommonPrefixLength(plain);
                if (entry.Length > 7 + "behind\n".Length)
                {
                    same.ShouldBeGreaterThan(0);
                }
            }).Check(Config.QuickThrowOnFailure.WithReplay(20231001, 1).WithMaxTest(60));

    [Fact]
    public async Task When_reading_fails_what_came_before_stays_good_and_the_failure_is_told_as_it_was()
    {
        byte[] plain = Content.Lines(2_000_001);
        byte[] file = GzipFile.Of(plain);
        var lost = new IOException("The cable is out.");

        (byte[] entry, _) = await ZipOf(async writer =>
        {
            await writer.WriteAsync("before\n"u8.ToArray());
            var source = new PiecedStream(file, 10_000, position => _ = position > 250_000 ? throw lost : 0);
            (await Should.ThrowAsync<IOException>(async () => await writer.AppendGzipAsync(source, Options))).ShouldBeSameAs(lost);
            await writer.WriteAsync("behind\n"u8.ToArray());
            await writer.AppendGzipAsync(new MemoryStream(file), Options);
        });

        Kept(entry, plain).ShouldBeInRange(500_000, plain.Length - 1);
    }

    [Fact]
    public async Task Reading_that_fails_before_anything_is_written_leaves_the_entry_as_it_was()
    {
        byte[] file = GzipFile.Of(Content.Lines(2_000_001));

        (byte[] entry, _) = await ZipOf(async writer =>
        {
            var source = new PiecedStream(file, 10_000, position => _ = position > 30_000 ? throw new IOException() : 0);
            await Should.ThrowAsync<IOException>(async () => await writer.AppendGzipAsync(source, Options));
            await writer.WriteAsync("behind\n"u8.ToArray());
        });

        entry.ShouldBe("behind\n"u8.ToArray());
    }

    [Fact]
    public async Task Cancelled_in_the_middle_of_a_long_source_the_writer_is_lost()
    {
        byte[] file = GzipFile.Of(Content.Lines(2_000_001));
        using var stop = new CancellationTokenSource();
        await using var writer = new ZipStreamWriter(new MemoryStream());
        writer.OpenEntry("a.log", Noon);
        var source = new PiecedStream(file, 10_000, position => _ = position > 250_000 ? throw new OperationCanceledException() : 0);

        await Should.ThrowAsync<OperationCanceledException>(async () => await writer.AppendGzipAsync(source, Options, stop.Token));

        await Should.ThrowAsync<InvalidOperationException>(async () => await writer.WriteAsync("behind\n"u8.ToArray()));
    }

    // before, the kept bytes, a newline that was missing, behind, the good source and its newline.
    private static int Kept(byte[] entry, byte[] plain)
    {
        entry.AsSpan().StartsWith("before\n"u8).ShouldBeTrue();
        int kept = entry.AsSpan(7).CommonPrefixLength(plain);
        ReadOnlySpan<byte> rest = entry.AsSpan(7 + kept);
        rest.IndexOf("behind\n"u8).ShouldBe(plain[kept - 1] == '\n' ? 0 : 1);
        rest.EndsWith((byte[])[.. plain, (byte)'\n']).ShouldBeTrue();
        return kept;
    }

    private static byte[] ZipOf(Stream source, out byte[] entry)
    {
        (entry, byte[] zip) = ZipOf(async writer => await writer.AppendGzipAsync(source, Options with { EndWithNewline = false })).GetAwaiter().GetResult();
        return zip;
    }

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
