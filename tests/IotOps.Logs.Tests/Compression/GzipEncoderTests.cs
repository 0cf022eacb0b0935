using System.IO.Compression;
using System.Text;
using FsCheck;
using FsCheck.Fluent;
using IotOps.Logs.Compression;

namespace IotOps.Logs.Tests.Compression;

/// <summary>What is compressed here, .NET's own GZipStream (zlib) reads back: it checks the length and the CRC too.</summary>
public sealed class GzipEncoderTests
{
    [Theory]
    [InlineData(0)]
    [InlineData(1)]
    [InlineData(3)]
    [InlineData(4)]
    [InlineData(7)]
    [InlineData(32_767)]
    [InlineData(32_768)]
    [InlineData(32_769)]
    [InlineData(65_536)]
    [InlineData(98_305)]
    [InlineData(1_048_577)]
    public void Any_length_reads_back(int length)
    {
        byte[] text = Lines(length, seed: length);

        Decompress(Compress(text, chunk: 32_768)).ShouldBe(text);
    }

    [Theory]
    [InlineData("one byte again and again")]
    [InlineData("random bytes")]
    [InlineData("two bytes")]
    [InlineData("every byte once, again and again")]
    [InlineData("random, then the same again a window later")]
    [InlineData("frequencies of Fibonacci, which make the longest codes")]
    public void Any_kind_of_content_reads_back(string kind)
    {
        var random = new Random(1);
        byte[] content = new byte[300_000];
        switch (kind)
        {
            case "random bytes":
                random.NextBytes(content);
                break;
            case "two bytes":
                content.AsSpan(0, 150_000).Fill(255);
                break;
            case "every byte once, again and again":
                content = [.. Enumerable.Range(0, 300_000).Select(i => (byte)i)];
                break;
            case "random, then the same again a window later":
                random.NextBytes(content.AsSpan(0, 32_768));
                content.AsSpan(0, 32_768).CopyTo(content.AsSpan(32_768));
                content.AsSpan(0, 32_768).CopyTo(content.AsSpan(65_535));
                break;
            case "frequencies of Fibonacci, which make the longest codes":
                content = Fibonacci(random);
                break;
        }

        Decompress(Compress(content, chunk: 1_000)).ShouldBe(content);
    }

    [Fact]
    public void However_the_bytes_are_cut_and_repeated_they_read_back()
    {
        Gen<(int Alphabet, int Length, int Chunk, int Seed)> cases = Gen.Zip(
            Gen.Zip(Gen.Choose(1, 256), Gen.Choose(0, 100_000)), Gen.Zip(Gen.Choose(1, 40_000), Gen.Choose(0, int.MaxValue)))
            .Select(c => (c.Item1.Item1, c.Item1.Item2, c.Item2.Item1, c.Item2.Item2));

        Prop.ForAll(Arb.From(cases), c =>
        {
            var random = new Random(c.Seed);
            byte[] content = new byte[c.Length];
            for (int i = 0; i < content.Length;)
            {
                // A new byte, or a piece of what went before: runs, overlaps, and matches at every distance.
                int length = Math.Min(content.Length - i, random.Next(1, 600));
                int distance = random.Next(1, i + 2);
                bool copies = i > 0 && distance <= i && random.Next(3) > 0;
                for (int end = i + (copies ? length : 1); i < end; i++)
                {
                    content[i] = copies ? content[i - distance] : (byte)random.Next(c.Alphabet);
                }
            }

            return Decompress(Compress(content, c.Chunk)).AsSpan().SequenceEqual(content);
        }).Check(Config.QuickThrowOnFailure.WithMaxTest(200));
    }

    [Fact]
    public void An_encoder_is_used_again()
    {
        var encoder = new GzipEncoder();
        foreach (int length in (int[])[100_000, 10, 0, 70_000])
        {
            byte[] text = Lines(length, seed: length);
            using var body = new MemoryStream();
            encoder.Begin(body);
            encoder.Write(text);
            encoder.Finish();

            Decompress(body.ToArray()).ShouldBe(text);
        }
    }

    [Fact]
    public void Log_lines_become_no_larger_than_zlib_makes_them_at_its_fastest()
    {
        byte[] text = Lines(1_000_000, seed: 1);
        using var zlib = new MemoryStream();
        using (var stream = new GZipStream(zlib, CompressionLevel.Fastest, leaveOpen: true))
        {
            stream.Write(text);
        }

        Compress(text, chunk: 32_768).Length.ShouldBeLessThan((int)zlib.Length);
    }

    private static byte[] Compress(byte[] content, int chunk)
    {
        using var body = new MemoryStream();
        var encoder = new GzipEncoder();
        encoder.Begin(body);
        for (int i = 0; i < content.Length; i += chunk)
        {
            encoder.Write(content.AsSpan(i, Math.Min(chunk, content.Length - i)));
        }

        encoder.Finish();
        return body.ToArray();
    }

    private static byte[] Decompress(byte[] compressed)
    {
        using var stream = new GZipStream(new MemoryStream(compressed), CompressionMode.Decompress);
        using var content = new MemoryStream();
        stream.CopyTo(content);
        return content.ToArray();
    }

    private static byte[] Lines(int length, int seed)
    {
        var random = new Random(seed);
        var text = new StringBuilder();
        while (text.Length < length)
        {
            text.Append($"2023-10-01T12:{random.Next(60):D2}:{random.Next(60):D2}Z INFO GET /v1/things/{random.Next(20_000)}/shadow 200 {random.Next(9_000)} ms\n");
        }

        return Encoding.ASCII.GetBytes(text.ToString(0, length));
    }

    private static byte[] Fibonacci(Random random)
    {
        List<byte> content = [];
        for ((byte symbol, int now, int next) = (0, 1, 1); content.Count < 30_000; (symbol, now, next) = ((byte)(symbol + 1), next, now + next))
        {
            content.AddRange(Enumerable.Repeat(symbol, now));
        }

        byte[] shuffled = [.. content];
        random.Shuffle(shuffled);
        return shuffled;
    }
}
