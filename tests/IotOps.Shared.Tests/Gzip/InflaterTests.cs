using System.IO.Compression;
using FsCheck;
using FsCheck.Fluent;
using IotOps.TestKit;

namespace IotOps.Shared.Tests.Gzip;

public sealed class InflaterTests
{
    [Theory]
    [InlineData(CompressionLevel.NoCompression)]
    [InlineData(CompressionLevel.Fastest)]
    [InlineData(CompressionLevel.Optimal)]
    [InlineData(CompressionLevel.SmallestSize)]
    public void The_end_and_what_the_plain_bytes_come_to_are_found(CompressionLevel level)
    {
        var inflater = new Inflater();
        for (int length = 1; length < 400_000; length = (length * 3 / 2) + 1)
        {
            byte[] plain = Content.Lines(length);
            byte[] deflate = RawDeflate.Of(plain, level);

            inflater.Begin(0);
            inflater.Run(RawDeflate.Padded(deflate), deflate.Length, isWhole: true).ShouldBeTrue();

            ((inflater.Bit + 7) >> 3).ShouldBe(deflate.Length);
            ShouldBe(inflater.Plain, plain);
        }
    }

    [Fact]
    public void Blocks_of_every_kind_come_out_the_same_whatever_pieces_they_come_in() =>
        Prop.ForAll(
            Arb.From(Gen.Choose(0, int.MaxValue)),
            seed =>
            {
                var random = new Random(seed);
                byte[] plain = Content.Repetitive(random.Next(1, 200_000), random.Next(1, 257), seed);
                byte[] deflate = RawDeflate.Of(plain, (CompressionLevel)random.Next(4), (ZLibCompressionStrategy)random.Next(5));
                byte[] padded = RawDeflate.Padded(deflate);
                var inflater = new Inflater();
                inflater.Begin(0);
                int step = random.Next(1, random.Next(1, 70_000) + 1);
                bool ended = false;
                for (int end = 0; !ended; end = Math.Min(end + step, deflate.Length))
                {
                    ended = inflater.Run(padded, end, end == deflate.Length);
                }

                ((inflater.Bit + 7) >> 3).ShouldBe(deflate.Length);
                ShouldBe(inflater.Plain, plain);
            }).Check(Config.QuickThrowOnFailure.WithReplay(20231001, 1).WithMaxTest(150));

    [Fact]
    public void The_mark_of_the_last_block_is_taken_away_and_no_other_bit()
    {
        byte[] deflate = RawDeflate.Of(Content.Lines(300_000));
        byte[] padded = RawDeflate.Padded(deflate);
        var inflater = new Inflater();
        inflater.Begin(0);
        inflater.Run(padded, deflate.Length, isWhole: true).ShouldBeTrue();

        int changed = Enumerable.Range(0, deflate.Length).Single(i => padded[i] != deflate[i]);

        (deflate[changed] & ~padded[changed]).ShouldBeOneOf(1, 2, 4, 8, 16, 32, 64, 128);
        Enumerable.Range(changed + 1, deflate.Length - changed - 1).ShouldAllBe(i => padded[i] == deflate[i]);
    }

    [Fact]
    public void Nothing_that_zlib_refuses_is_taken_and_nothing_that_it_takes_refused() =>
        Prop.ForAll(
            Arb.From(Gen.Choose(0, int.MaxValue)),
            seed =>
            {
                byte[] deflate = RawDeflate.RandomBlock(new Random(seed));
                byte[]? plain = ReadWhole(deflate);

                var inflater = new Inflater();
                inflater.Begin(0);
                bool taken = true;
                try
                {
                    inflater.Run(RawDeflate.Padded(deflate), deflate.Length, isWhole: true);
                }
                catch (InvalidDataException)
                {
                    taken = false;
                }

                taken.ShouldBe(plain is not null);
                if (plain is not null)
                {
                    ShouldBe(inflater.Plain, plain);
                }
            }).Check(Config.QuickThrowOnFailure.WithReplay(20231001, 1).WithMaxTest(2_000));

    [Theory]
    [InlineData("one distance of one bit", true, 1, 1)]
    [InlineData("no distance at all", true, 1, 0)]
    [InlineData("one distance of two bits", false, 1, 2)]
    [InlineData("three distances of one bit", false, 3, 1)]
    public void A_code_of_distances_may_be_one_of_one_bit_or_none_as_zlib_has_it(string name, bool good, int codes, int length)
    {
        byte[] literals = new byte[257];
        literals['a'] = 1;
        literals[256] = 1;
        byte[] distances = [.. Enumerable.Repeat((byte)length, codes)];
        byte[] deflate = RawDeflate.Block(literals, distances, ['a', 'a', 256]);

        new Inflater().ShouldSatisfyAllConditions(inflater =>
        {
            inflater.Begin(0);
            Action run = () => inflater.Run(RawDeflate.Padded(deflate), deflate.Length, isWhole: true);
            if (good)
            {
                run();
                ShouldBe(inflater.Plain, "aa"u8.ToArray());
            }
            else
            {
                run.ShouldThrow<InvalidDataException>(name);
            }
        });
    }

    [Fact]
    public void The_longest_codes_with_all_their_extra_bits_fit_into_a_step()
    {
        var random = new Random(20231001);
        byte[] deflate = RawDeflate.LongestCodes(random);
        byte[] plain = ReadWhole(deflate).ShouldNotBeNull();
        var inflater = new Inflater();
        inflater.Begin(0);

        inflater.Run(RawDeflate.Padded(deflate), deflate.Length, isWhole: true).ShouldBeTrue();

        ShouldBe(inflater.Plain, plain);
    }

    // DeflateStream does not tell a stream that is cut off from one that has an end: what has one is the same whatever follows.
    private static byte[]? ReadWhole(byte[] deflate)
    {
        try
        {
            byte[] plain = Read(deflate);
            return new byte[] { 0x00, 0x55, 0xAA }.All(value => Read([.. deflate, .. Enumerable.Repeat(value, 64)]).AsSpan().SequenceEqual(plain)) ? plain : null;
        }
        catch (InvalidDataException)
        {
            return null;
        }
    }

    private static byte[] Read(byte[] deflate)
    {
        using var inflate = new DeflateStream(new MemoryStream(deflate), CompressionMode.Decompress);
        var plain = new MemoryStream();
        inflate.CopyTo(plain);
        return plain.ToArray();
    }

    private static void ShouldBe(InflateWindow window, byte[] plain)
    {
        window.Length.ShouldBe(plain.Length);
        window.Crc.ShouldBe(Crc32.Append(0, plain));
        window.Lines.ShouldBe(plain.Count(value => value == '\n'));
        window.LastByte.ShouldBe(plain.Length == 0 ? -1 : plain[^1]);
    }
}
