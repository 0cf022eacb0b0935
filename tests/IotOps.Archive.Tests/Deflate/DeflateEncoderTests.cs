using System.IO.Compression;
using FsCheck;
using FsCheck.Fluent;
using IotOps.Archive.Deflate;
using IotOps.TestKit;

namespace IotOps.Archive.Tests.Deflate;

public sealed class DeflateEncoderTests
{
    private readonly DeflateEncoder _encoder = new();

    public static TheoryData<DeflateProfile> Profiles => [.. Enum.GetValues<DeflateProfile>()];

    [Theory]
    [MemberData(nameof(Profiles))]
    public void Any_length_reads_back(DeflateProfile profile)
    {
        foreach (int length in new[] { 0, 1, 2, 3, 4, 5, 7, 8, 9, 15, 257, 258, 259, 4_096, 32_767, 32_768, 32_769, 65_535, 65_536, 65_537, 131_072, 200_000, 1_048_576 })
        {
            ShouldReadBack(Content.Lines(length, seed: length), profile);
        }
    }

    [Theory]
    [MemberData(nameof(Profiles))]
    public void Any_kind_of_content_reads_back(DeflateProfile profile)
    {
        ShouldReadBack(new byte[300_000], profile);
        ShouldReadBack(Content.Random(300_000), profile);
        ShouldReadBack([.. Enumerable.Range(0, 300_000).Select(i => (byte)i)], profile);
        ShouldReadBack([.. Content.Random(32_768), .. Content.Random(32_768), .. Content.Random(32_769)], profile);
        ShouldReadBack(Fibonacci(300_000), profile);

        // Content that changes its kind in the middle of a block, and back: codes learnt from one do not fit the other.
        ShouldReadBack([.. Content.Lines(150_000), .. Content.Random(200_000), .. Content.Lines(150_000, 2), .. new byte[100_000], .. Content.Random(100)], profile);
    }

    [Theory]
    [MemberData(nameof(Profiles))]
    public void Whatever_the_bytes_and_what_goes_before_they_read_back(DeflateProfile profile) =>
        Prop.ForAll(
            Arb.From(Gen.Zip(Gen.Zip(Gen.Choose(1, 256), Gen.Choose(0, 180_000)), Gen.Zip(Gen.Choose(0, 40_000), Gen.Choose(0, int.MaxValue)))),
            c =>
            {
                byte[] content = Content.Repetitive(c.Item1.Item2, c.Item1.Item1, c.Item2.Item2);
                int cut = Math.Min(c.Item2.Item1, content.Length);
                byte[] first = Encode(content.AsSpan(0, cut), 0, profile, final: false);
                int dictionary = profile is DeflateProfile.Balanced or DeflateProfile.Smallest ? Math.Min(cut, 32_768) : 0;
                byte[] second = Encode(content.AsSpan(cut - dictionary), dictionary, profile, final: true);
                Inflated.By((byte[])[.. first, .. second]).AsSpan().SequenceEqual(content).ShouldBeTrue();
            }).Check(Config.QuickThrowOnFailure.WithReplay(20231001, 1).WithMaxTest(60));

    [Fact]
    public void Logs_whose_lines_come_again_at_any_distance_read_back() =>
        Prop.ForAll(
            Arb.From(Gen.Zip(Gen.Zip(Gen.Choose(32_769, 180_000), Gen.Choose(0, 33_000)), Gen.Choose(0, int.MaxValue))),
            c =>
            {
                (int length, int cut) = c.Item1;
                byte[] content = Content.RepeatedLines(length, c.Item2);
                foreach (DeflateProfile profile in Enum.GetValues<DeflateProfile>())
                {
                    byte[] first = Encode(content.AsSpan(0, cut), 0, profile, final: false);
                    int dictionary = profile is DeflateProfile.Balanced or DeflateProfile.Smallest ? Math.Min(cut, 32_768) : 0;
                    byte[] second = Encode(content.AsSpan(cut - dictionary), dictionary, profile, final: true);
                    Inflated.By((byte[])[.. first, .. second]).AsSpan().SequenceEqual(content).ShouldBeTrue();
                }
            }).Check(Config.QuickThrowOnFailure.WithReplay(20231001, 1).WithMaxTest(60));

    [Fact]
    public void The_largest_block_behind_a_whole_window_reads_back()
    {
        byte[] content = Content.RepeatedLines((4 << 20) + 32_768, seed: 7);

        byte[] first = Encode(content.AsSpan(0, 32_768), 0, DeflateProfile.Balanced, final: false);
        byte[] second = Encode(content, 32_768, DeflateProfile.Balanced, final: true);

        Inflated.By((byte[])[.. first, .. second]).AsSpan().SequenceEqual(content).ShouldBeTrue();
    }

    [Fact]
    public void A_log_whose_end_is_a_match_is_not_read_beyond_it()
    {
        // Behind the end the match would go on.
        byte[] line = Content.Lines(1_000);
        byte[] more = [.. Content.Lines(40_000), .. line, .. line];
        for (int cut = 1; cut < 20; cut++)
        {
            ReadOnlySpan<byte> log = more.AsSpan(0, more.Length - cut);
            Inflated.By(Encode(log, 0, DeflateProfile.Balanced, final: true)).AsSpan().SequenceEqual(log).ShouldBeTrue();
        }
    }

    [Fact]
    public void A_block_leaves_nothing_behind_that_the_next_could_refer_to()
    {
        byte[] content = Content.Lines(50_000);

        byte[] once = Encode(content, 0, DeflateProfile.Balanced, final: true);
        byte[] again = Encode(content, 0, DeflateProfile.Balanced, final: true);

        again.AsSpan().SequenceEqual(once).ShouldBeTrue();
        Inflated.By(again).AsSpan().SequenceEqual(content).ShouldBeTrue();
    }

    [Theory]
    [MemberData(nameof(Profiles))]
    public void What_does_not_shrink_hardly_grows(DeflateProfile profile)
    {
        byte[] random = Content.Random(1 << 20);

        Encode(random, 0, profile, final: false).Length.ShouldBeLessThan(random.Length + (random.Length / 4_096) + 16);
    }

    [Theory]
    [InlineData(DeflateProfile.Fast, CompressionLevel.Fastest)]
    [InlineData(DeflateProfile.Balanced, CompressionLevel.Optimal)]
    [InlineData(DeflateProfile.Smallest, CompressionLevel.SmallestSize)]
    public void A_profile_is_no_larger_than_the_level_of_zlib_it_stands_beside(DeflateProfile profile, CompressionLevel level)
    {
        // Machine code of a pinned package: of our own assembly every change would be another input.
        foreach (byte[] content in new[] { Content.Lines(500_000), Content.Random(20_000), Content.Repetitive(300_000, 60, 5), File.ReadAllBytes(typeof(FsCheck.Config).Assembly.Location) })
        {
            byte[] zlib = new byte[2 * content.Length];
            int length = ZlibBlock.Encode(content, zlib, zlib.Length, level, final: true);
            Encode(content, 0, profile, final: true).Length.ShouldBeLessThanOrEqualTo(length + (length / 500) + 8);
        }
    }

    [Fact]
    public void Small_input_takes_the_fixed_code_because_a_header_of_its_own_would_cost_more()
    {
        byte[] deflate = Encode("aaaaaaaaaaaaaaaaaaaaaaaaaaaaaa"u8, 0, DeflateProfile.Smallest, final: true);

        // Last block, fixed code: 'a', a match of 29 at distance 1, end.
        deflate.ShouldBe([0x4B, 0xC4, 0x0B, 0x00]);
    }

    [Fact]
    public void A_zlib_block_that_does_not_fit_is_told()
    {
        byte[] random = Content.Random(1_000);

        ZlibBlock.Encode(random, new byte[900], 900, CompressionLevel.Optimal, final: true).ShouldBe(-1);
    }

    [Fact]
    public void A_zlib_block_can_be_gone_on_behind()
    {
        byte[] first = new byte[2_000];
        int length = ZlibBlock.Encode(Content.Lines(3_000), first, first.Length, CompressionLevel.Optimal, final: false);

        Inflated.By((byte[])[.. first[..length], .. DeflateEncoder.EndOfStream]).ShouldBe(Content.Lines(3_000));
    }

    // Frequencies of Fibonacci make the longest codes: they have to be cut to 15 bits.
    private static byte[] Fibonacci(int length)
    {
        var bytes = new List<byte>(length);
        for ((long a, long b, byte symbol) = (1, 1, 0); bytes.Count < length; (a, b, symbol) = (b, a + b, (byte)(symbol + 1)))
        {
            bytes.AddRange(Enumerable.Repeat(symbol, (int)Math.Min(a, length - bytes.Count)));
        }

        byte[] shuffled = [.. bytes];
        new Random(3).Shuffle(shuffled);
        return shuffled;
    }

    private void ShouldReadBack(byte[] content, DeflateProfile profile)
    {
        Inflated.By(Encode(content, 0, profile, final: true)).AsSpan().SequenceEqual(content).ShouldBeTrue();
        Inflated.By((byte[])[.. Encode(content, 0, profile, final: false), .. DeflateEncoder.EndOfStream]).AsSpan().SequenceEqual(content).ShouldBeTrue();
    }

    // Memory behind what the encoder may use keeps its value.
    private byte[] Encode(ReadOnlySpan<byte> input, int dictionary, DeflateProfile profile, bool final)
    {
        int room = DeflateEncoder.MaxOutput(input.Length - dictionary);
        byte[] output = new byte[room + 64];
        output.AsSpan(room).Fill(0xA5);
        int length = _encoder.Encode(input, dictionary, output.AsSpan(0, room), profile, final);
        output.AsSpan(room).IndexOfAnyExcept((byte)0xA5).ShouldBe(-1);
        return output[..length];
    }
}
