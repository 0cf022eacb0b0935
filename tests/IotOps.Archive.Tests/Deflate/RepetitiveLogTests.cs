using System.Globalization;
using System.IO.Compression;
using System.Text;
using FsCheck;
using FsCheck.Fluent;
using IotOps.Archive.Deflate;
using IotOps.TestKit;

namespace IotOps.Archive.Tests.Deflate;

/// <summary>Logs whose lines come again nearly whole, alone and between content of other kinds.</summary>
public sealed class RepetitiveLogTests
{
    private static readonly Config Quick = Config.QuickThrowOnFailure.WithReplay(20231001, 1).WithMaxTest(60);

    private readonly DeflateEncoder _encoder = new();

    public static TheoryData<string> Kinds => ["heartbeat", "syslog", "table", "stack", "cloudwatch"];

    [Theory]
    [MemberData(nameof(Kinds))]
    public void A_repetitive_log_takes_no_more_bytes_than_zlib(string kind)
    {
        byte[] log = Log(kind, 1_000_000, seed: 7);

        byte[] deflate = Encode(log, 0, final: false);

        byte[] zlib = new byte[log.Length];
        int length = ZlibBlock.Encode(log, zlib, zlib.Length, CompressionLevel.Optimal, final: false);
        ((double)log.Length / length).ShouldBeGreaterThan(6, "the kind is to be repetitive");
        deflate.Length.ShouldBeLessThanOrEqualTo(length);
        Inflated.By((byte[])[.. deflate, .. DeflateEncoder.EndOfStream]).AsSpan().SequenceEqual(log).ShouldBeTrue();
    }

    [Fact]
    public void Any_length_and_any_dictionary_of_a_repetitive_log_reads_back() =>
        Prop.ForAll(
            Arb.From(Gen.Zip(Gen.Zip(Gen.Elements((IEnumerable<string>)Kinds.Select(row => row.Data)), Gen.Choose(0, 200_000)), Gen.Zip(Gen.Choose(0, 40_000), Gen.Choose(0, int.MaxValue)))),
            c =>
            {
                byte[] log = Log(c.Item1.Item1, c.Item1.Item2, c.Item2.Item2);
                ShouldReadBack(log, Math.Min(c.Item2.Item1, log.Length));
            }).Check(Quick);

    [Fact]
    public void A_repetitive_log_that_turns_into_something_else_reads_back() =>
        Prop.ForAll(
            Arb.From(Gen.Zip(Gen.Zip(Gen.Choose(32_000, 120_000), Gen.Choose(0, 120_000)), Gen.Zip(Gen.Choose(1, 256), Gen.Choose(0, int.MaxValue)))),
            c =>
            {
                (int before, int after) = c.Item1;
                (int alphabet, int seed) = c.Item2;
                byte[] content =
                [
                    .. Log("heartbeat", before, seed),
                    .. Content.Random(after / 2, seed),
                    .. Content.Repetitive(after, alphabet, seed),
                    .. Log("table", after / 3, seed),
                ];
                ShouldReadBack(content, dictionary: 0);
            }).Check(Quick);

    [Fact]
    public void A_repetitive_log_is_not_read_beyond_its_end()
    {
        // Behind the end the last match would go on, and the places that are looked up lie close to it.
        byte[] more = Log("heartbeat", 60_000, seed: 3);
        for (int cut = 1; cut < 300; cut++)
        {
            ReadOnlySpan<byte> log = more.AsSpan(0, more.Length - cut);
            byte[] exact = log.ToArray();
            byte[] alone = Encode(exact, 0, final: false);

            Encode(log, 0, final: false).AsSpan().SequenceEqual(alone).ShouldBeTrue();
            Inflated.By((byte[])[.. alone, .. DeflateEncoder.EndOfStream]).AsSpan().SequenceEqual(log).ShouldBeTrue();
        }
    }

    [Fact]
    public void What_an_encoder_did_before_changes_nothing()
    {
        byte[] log = Log("syslog", 300_000, seed: 5);
        byte[] fresh = Encode(log, 0, final: false);

        Encode(Content.Random(100_000), 0, final: false);
        Encode(Log("stack", 200_000, seed: 6), 0, final: false);
        Encode(Content.Lines(100_000), 0, final: false);

        Encode(log, 0, final: false).AsSpan().SequenceEqual(fresh).ShouldBeTrue();
    }

    [Fact]
    public async Task The_size_of_the_writes_and_the_number_of_threads_change_no_byte()
    {
        byte[] log = Log("cloudwatch", 700_000, seed: 9);
        byte[] whole = await DeflatedAsync(log, log.Length, threads: 1);

        foreach ((int piece, int threads) in new[] { (1_000, 1), (65_537, 3), (log.Length, 4) })
        {
            (await DeflatedAsync(log, piece, threads)).AsSpan().SequenceEqual(whole).ShouldBeTrue();
        }

        Inflated.By(whole).AsSpan().SequenceEqual(log).ShouldBeTrue();
    }

    private static async Task<byte[]> DeflatedAsync(byte[] content, int piece, int threads)
    {
        var output = new MemoryStream();
        await using var deflate = new ParallelDeflate(output, new ZipStreamWriterOptions { Threads = threads, BlockBytes = 128 << 10 });
        for (int at = 0; at < content.Length; at += piece)
        {
            await deflate.WriteAsync(content.AsMemory(at, Math.Min(piece, content.Length - at)));
        }

        await deflate.CompleteAsync();
        return output.ToArray();
    }

    private static byte[] Log(string kind, int length, int seed)
    {
        var random = new Random(seed);
        var text = new StringBuilder(length + 1_024);
        for (int n = 0, ms = 0; text.Length < length; n++, ms += random.Next(600))
        {
            string time = new DateTime(2023, 10, 1, 0, 0, 0, DateTimeKind.Utc).AddMilliseconds(ms).ToString("yyyy-MM-ddTHH:mm:ss.fffZ", CultureInfo.InvariantCulture);
            text.Append(kind switch
            {
                "heartbeat" => $"{{\"at\": \"{time}\", \"level\": \"INFO\", \"logger\": \"agent.heartbeat\", \"message\": \"still alive\", \"uptime\": {ms / 1_000}}}\n",
                "syslog" => $"Oct  1 {time[11..19]} raspberrypi agent[911]: published {random.Next(30)} messages of session {random.Next(4)} in {random.Next(90)} ms\n",
                "table" => $"{n},{time[..19]}Z,THING00001,{random.Next(2)},{20 + random.Next(3)},RUN,OK,,,0\n",
                "stack" => $"{time} ERROR request {random.Next(1_000)} failed\n\tat a.b.Session.read(Session.java:{40 + random.Next(9)})\n\tat a.b.Main.run(Main.java:7)\n",
                _ => $"{time} {(n % 2 == 0 ? "START" : "END")} device THING{random.Next(40):00000} polled, {random.Next(50)} records, nothing to do\n",
            });
        }

        return Encoding.ASCII.GetBytes(text.ToString(0, length));
    }

    private void ShouldReadBack(byte[] content, int dictionary)
    {
        // The bytes before the block count as written before.
        byte[] before = Encode(content.AsSpan(0, dictionary), 0, final: false);
        int window = Math.Min(dictionary, 32_768);
        byte[] block = Encode(content.AsSpan(dictionary - window), window, final: false);
        Inflated.By((byte[])[.. before, .. block, .. DeflateEncoder.EndOfStream]).AsSpan().SequenceEqual(content).ShouldBeTrue();

        Inflated.By(Encode(content, 0, final: true)).AsSpan().SequenceEqual(content).ShouldBeTrue();
    }

    private byte[] Encode(ReadOnlySpan<byte> input, int dictionary, bool final)
    {
        byte[] output = new byte[DeflateEncoder.MaxOutput(input.Length - dictionary)];
        return output[.._encoder.Encode(input, dictionary, output, DeflateProfile.Balanced, final)];
    }
}
