using System.Buffers;
using System.Text;
using FsCheck;
using FsCheck.Fluent;
using IotOps.TestKit;

namespace IotOps.Shared.Tests.Gzip;

public sealed class GunzipStreamTests
{
    [Theory]
    [InlineData(0)]
    [InlineData(1)]
    [InlineData(100_000)]
    [InlineData(3_000_000)]
    public async Task Members_come_back_plain_one_behind_the_other(int length)
    {
        byte[] content = Content.Lines(length, seed: length);
        byte[] members = [.. GzipFile.Of(content), .. GzipFile.Of([]), .. GzipFile.Of(content)];

        foreach (int step in new[] { 7, 4_096, 1 << 20 })
        {
            (await ReadAsync(members, step)).AsSpan().SequenceEqual([.. content, .. content]).ShouldBeTrue($"read by {step}");
        }
    }

    [Fact]
    public async Task Whatever_is_missing_at_the_end_is_told()
    {
        byte[] gzip = GzipFile.Of(Content.Lines(200_000, seed: 3));
        for (int length = gzip.Length - 1; length > 0; length -= 1 + (gzip.Length / 40))
        {
            await Should.ThrowAsync<InvalidDataException>(() => ReadAsync(gzip[..length], 10_000), $"{length} of {gzip.Length} bytes");
        }
    }

    [Fact]
    public async Task What_swells_a_thousandfold_is_read_in_bounded_memory()
    {
        byte[] bomb = GzipFile.Of(new byte[256 << 20]);
        var plain = new ArrayBufferWriter<byte>();
        await using var stream = new GunzipStream(new MemoryStream(bomb), new Inflater(plain), plain);
        byte[] buffer = new byte[1 << 16];
        long total = 0;
        for (int count; (count = await stream.ReadAsync(buffer)) > 0;)
        {
            total += count;
        }

        total.ShouldBe(256 << 20);
        plain.Capacity.ShouldBeLessThan(64 << 20);
    }

    [Fact]
    public async Task Damage_behind_good_bytes_is_reported_after_them()
    {
        byte[] content = Content.Random(300_000);
        byte[] gzip = GzipFile.Of(content);
        gzip[^5] ^= 1;
        var plain = new ArrayBufferWriter<byte>();
        await using var stream = new GunzipStream(new MemoryStream(gzip), new Inflater(plain), plain);
        using var read = new MemoryStream();

        InvalidDataException damage = await Should.ThrowAsync<InvalidDataException>(() => stream.CopyToAsync(read, TestContext.Current.CancellationToken));

        damage.Message.ShouldContain("CRC-32");
        damage.Message.ShouldContain("300000 plain bytes come before");
        read.ToArray().AsSpan().SequenceEqual(content).ShouldBeTrue();
    }

    [Fact]
    public async Task Good_bytes_before_damage_come_out_though_one_read_had_both()
    {
        byte[] file = GzipFile.Of("two lines\nof text\n"u8.ToArray());
        var plain = new ArrayBufferWriter<byte>();
        await using var stream = new GunzipStream(new MemoryStream(file[..^1]), new Inflater(plain), plain);
        byte[] buffer = new byte[100];

        int read = await stream.ReadAsync(buffer, TestContext.Current.CancellationToken);

        Encoding.UTF8.GetString(buffer, 0, read).ShouldBe("two lines\nof text\n");
        await Should.ThrowAsync<InvalidDataException>(() => stream.ReadAsync(buffer, TestContext.Current.CancellationToken).AsTask());
    }

    [Fact]
    public async Task A_failure_of_the_source_is_rethrown_after_the_bytes_before_it()
    {
        byte[] content = Content.Random(300_000);
        var plain = new ArrayBufferWriter<byte>();
        await using var stream = new GunzipStream(new BrokenStream(GzipFile.Of(content), 200_000), new Inflater(plain), plain);
        using var read = new MemoryStream();

        (await Should.ThrowAsync<IOException>(() => stream.CopyToAsync(read, TestContext.Current.CancellationToken))).Message.ShouldBe("The network is gone.");

        read.Length.ShouldBeInRange(100_000, 200_000);
        read.ToArray().AsSpan().SequenceEqual(content.AsSpan(0, (int)read.Length)).ShouldBeTrue();
    }

    [Fact]
    public void A_source_with_one_bit_changed_is_refused_or_plain_as_before() =>
        Prop.ForAll(
            Arb.From(Gen.Choose(0, int.MaxValue)),
            seed =>
            {
                var random = new Random(seed);
                byte[] first = Content.Repetitive(random.Next(1, 20_000), random.Next(1, 257), seed);
                byte[] second = Content.Lines(random.Next(1, 20_000), seed);
                byte[] gzip = [.. random.Next(2) == 0 ? GzipFile.Of(first) : GzipFile.WithAllFields(first), .. GzipFile.Of(second), .. new byte[random.Next(3)]];
                gzip[random.Next(gzip.Length)] ^= (byte)(1 << random.Next(8));
                try
                {
                    ReadAsync(gzip, random.Next(1, 40_000)).GetAwaiter().GetResult().AsSpan().SequenceEqual([.. first, .. second]).ShouldBeTrue();
                }
                catch (InvalidDataException)
                {
                    // Found: a bit of the data, of a trailer, or of a header that counts.
                }
            }).Check(Config.QuickThrowOnFailure.WithReplay(20231001, 1).WithMaxTest(500));

    private static async Task<byte[]> ReadAsync(byte[] gzip, int step)
    {
        var plain = new ArrayBufferWriter<byte>();
        await using var stream = new GunzipStream(new MemoryStream(gzip), new Inflater(plain), plain);
        using var all = new MemoryStream();
        await stream.CopyToAsync(all, step);
        return all.ToArray();
    }

    private sealed class BrokenStream(byte[] bytes, int end) : MemoryStream(bytes)
    {
        public override ValueTask<int> ReadAsync(Memory<byte> buffer, CancellationToken cancellationToken = default) => Position < end
            ? base.ReadAsync(buffer[..(int)Math.Min(buffer.Length, end - Position)], cancellationToken)
            : throw new IOException("The network is gone.");
    }
}
