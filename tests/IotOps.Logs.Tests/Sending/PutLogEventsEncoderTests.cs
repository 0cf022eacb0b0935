using System.IO.Compression;
using System.Text;
using System.Text.Json;
using FsCheck;
using FsCheck.Fluent;
using IotOps.Logs.Batching;
using IotOps.Logs.Sending;

namespace IotOps.Logs.Tests.Sending;

public sealed class PutLogEventsEncoderTests
{
    private static readonly LogDestination Destination = new("g", "s");

    [Fact]
    public void The_body_is_the_documented_json()
    {
        string body = Encode(gzip: false, (1, "hello"), (2, "world"));

        body.ShouldBe("""{"logGroupName":"g","logStreamName":"s","logEvents":[{"timestamp":1,"message":"hello"},{"timestamp":2,"message":"world"}]}""");
    }

    [Fact]
    public void What_json_does_not_allow_is_escaped_and_nothing_else()
    {
        string body = Encode(gzip: false, (1, "\"\\\n\r\t\b\f\0\u001f/<&\u007f\u2028é😀"));

        body.ShouldContain("\"message\":\"\\\"\\\\\\n\\r\\t\\b\\f\\u0000\\u001f/<&\u007f\u2028é😀\"");
    }

    [Fact]
    public void Any_text_comes_back_as_it_was()
    {
        var gen = ArbMap.Default.GeneratorFor<string>().Where(s => !string.IsNullOrEmpty(s)).Select(WithoutLoneSurrogates).NonEmptyListOf();
        Prop.ForAll(gen.ToArbitrary(), texts =>
        {
            (long, string)[] events = [.. texts.Select((t, i) => ((long)i, t))];
            foreach (bool gzip in new[] { false, true })
            {
                using var document = JsonDocument.Parse(Encode(gzip, events));
                string[] read = [.. document.RootElement.GetProperty("logEvents").EnumerateArray().Select(e => e.GetProperty("message").GetString()!)];
                read.ShouldBe(texts);
            }
        }).QuickCheckThrowOnFailure();
    }

    [Fact]
    public void A_text_longer_than_the_chunk_comes_back_as_it_was()
    {
        string text = string.Concat(Enumerable.Range(0, 100_000).Select(i => i % 7 == 0 ? "\"" : i % 11 == 0 ? "😀" : "x"));

        using var document = JsonDocument.Parse(Encode(gzip: true, (5, text)));

        document.RootElement.GetProperty("logEvents")[0].GetProperty("message").GetString().ShouldBe(text);
    }

    [Fact]
    public void Names_are_escaped_too()
    {
        using LogBatch batch = BatchBuilder.Of((1, "m"));
        using PutPlan plan = BatchBuilder.Plan(batch);
        using var body = new PooledStream();

        PutLogEventsEncoder.Encode(new LogDestination("g\"", "s\\"), batch, plan[plan.Slices.Peek()], gzip: false, body);

        Encoding.UTF8.GetString(body.WrittenMemory.Span).ShouldStartWith("""{"logGroupName":"g\"","logStreamName":"s\\",""");
    }

    [Fact]
    public void What_gzip_would_make_larger_stays_as_it_is()
    {
        using LogBatch batch = BatchBuilder.Of((1, "m"));
        using PutPlan plan = BatchBuilder.Plan(batch);
        using var body = new PooledStream();

        PutLogEventsEncoder.Encode(Destination, batch, plan[plan.Slices.Peek()], gzip: true, body).ShouldBeFalse();

        body.WrittenMemory.Span[0].ShouldBe((byte)'{');
    }

    [Fact]
    public void Log_lines_become_much_smaller_than_at_the_runtimes_fastest_level()
    {
        var random = new Random(1);
        (long, string)[] lines =
        [
            .. Enumerable.Range(0, 5_000).Select(i =>
                ((long)i, $"2023-10-01T12:{i / 60 % 60:00}:{i % 60:00}Z INFO GET /v1/things/{random.Next(20_000)}/shadow 200 {random.Next(9_000)} ms")),
        ];
        using LogBatch batch = BatchBuilder.Of(lines);
        using PutPlan plan = BatchBuilder.Plan(batch);
        using var body = new PooledStream();
        using var fastest = new MemoryStream();
        using (var gzip = new GZipStream(fastest, CompressionLevel.Fastest, leaveOpen: true))
        {
            gzip.Write(Encoding.UTF8.GetBytes(Encode(gzip: false, lines)));
        }

        PutLogEventsEncoder.Encode(Destination, batch, plan[plan.Slices.Peek()], gzip: true, body).ShouldBeTrue();

        body.Length.ShouldBeLessThan(fastest.Length * 85 / 100);
    }

    private static string Encode(bool gzip, params (long, string)[] events)
    {
        using LogBatch batch = BatchBuilder.Of(events);
        using PutPlan plan = BatchBuilder.Plan(batch);
        using var body = new PooledStream();
        bool compressed = PutLogEventsEncoder.Encode(Destination, batch, plan[plan.Slices.Peek()], gzip, body);
        using Stream stream = compressed
            ? new GZipStream(new MemoryStream(body.WrittenMemory.ToArray()), CompressionMode.Decompress)
            : new MemoryStream(body.WrittenMemory.ToArray());
        using var reader = new StreamReader(stream);
        return reader.ReadToEnd();
    }

    private static string WithoutLoneSurrogates(string text) => Encoding.UTF8.GetString(Encoding.UTF8.GetBytes(text));
}
