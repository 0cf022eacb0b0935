using System.Buffers;
using IotOps.Archive.Gzip;

namespace IotOps.Archive.Tests.Gzip;

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

    private static async Task<byte[]> ReadAsync(byte[] gzip, int step)
    {
        var plain = new ArrayBufferWriter<byte>();
        await using var stream = new GunzipStream(new MemoryStream(gzip), new Inflater(plain), plain);
        using var all = new MemoryStream();
        await stream.CopyToAsync(all, step);
        return all.ToArray();
    }
}
