using System.IO.Compression;
using IotOps.Archive.Gzip;

namespace IotOps.Archive.Tests.Gzip;

public sealed class DeflateWalkTests
{
    [Theory]
    [InlineData(CompressionLevel.NoCompression)]
    [InlineData(CompressionLevel.Fastest)]
    [InlineData(CompressionLevel.Optimal)]
    [InlineData(CompressionLevel.SmallestSize)]
    public void The_end_the_length_and_the_last_byte_are_found_without_inflating(CompressionLevel level)
    {
        var walk = new DeflateWalk();
        for (int length = 1; length < 400_000; length = (length * 3 / 2) + 1)
        {
            byte[] plain = Content.Lines(length);
            byte[] deflate = Deflate(plain, level);

            WalkedStream found = walk.Walk([.. deflate, .. new byte[DeflateWalk.Padding]], 0, deflate.Length);

            found.Length.ShouldBe(length);
            found.LastByte.ShouldBe(plain[^1]);
            ((found.End + 7) >> 3).ShouldBe(deflate.Length);
        }
    }

    [Fact]
    public void A_run_that_copies_itself_leads_back_to_its_first_byte()
    {
        byte[] plain = [.. "ab"u8, .. Enumerable.Repeat("xyz"u8.ToArray(), 1_000).SelectMany(bytes => bytes), (byte)'x'];
        byte[] deflate = Deflate(plain, CompressionLevel.Optimal);

        new DeflateWalk().Walk([.. deflate, .. new byte[DeflateWalk.Padding]], 0, deflate.Length).LastByte.ShouldBe('x');
    }

    [Fact]
    public void A_trail_longer_than_is_kept_is_told_and_never_guessed()
    {
        // The newline is written once; from then on each line, of bytes that repeat nothing else, copies it from the line before.
        var random = new Random(1);
        var plain = new MemoryStream();
        for (int line = 0; line < 90_000; line++)
        {
            plain.Write(BitConverter.GetBytes(random.NextInt64()).Select(value => (byte)(value | 0x80)).ToArray());
            plain.Write("....\n....\n"u8);
        }

        byte[] deflate = Deflate(plain.ToArray(), CompressionLevel.SmallestSize);

        new DeflateWalk().Walk([.. deflate, .. new byte[DeflateWalk.Padding]], 0, deflate.Length).LastByte.ShouldBeOneOf('\n', WalkedStream.Unknown);
    }

    private static byte[] Deflate(byte[] plain, CompressionLevel level)
    {
        var deflate = new MemoryStream();
        using (var stream = new DeflateStream(deflate, level, leaveOpen: true))
        {
            stream.Write(plain);
        }

        return deflate.ToArray();
    }
}
