using System.IO.Compression;
using System.Text;
using FsCheck;
using FsCheck.Fluent;
using IotOps.Fleet.Tests.Trail;

namespace IotOps.Fleet.Tests.Timeline;

public sealed class IotLogReaderTests
{
    [Theory]
    [InlineData("2026-01-01T02:03:04.567Z ERROR disk full", true, "2026-01-01T02:03:04.567Z", "ERROR disk full")]
    [InlineData("[2026-01-01 02:03:04] all is well, no terrors", false, "2026-01-01T02:03:04Z", "all is well, no terrors")]
    [InlineData("java.lang.IllegalStateException: x", true, null, "java.lang.IllegalStateException: x")]
    [InlineData("{ broken error", true, null, "{ broken error")]
    [InlineData("", false, null, "")]
    public void Free_text_is_an_entry_too(string line, bool isError, string? time, string details)
    {
        IotLogEntry entry = Read(line);

        (entry.IsError, entry.Details, entry.EventType).ShouldBe((isError, details, null));
        entry.Time.ShouldBe(time is null ? null : DateTimeOffset.Parse(time));
    }

    [Fact]
    public void An_entry_without_a_time_has_the_log_events_own()
    {
        DateTimeOffset time = DateTimeOffset.Parse("2026-01-01T00:00:00Z");

        new IotLogReader().Read("""{"logLevel":"ERROR","event":"Uplink","message":"m"}"""u8, time).ShouldBe(new IotLogEntry { Time = time, IsError = true, EventType = "Uplink", Details = "m" });
        new IotLogReader().Read("error"u8, time).Time.ShouldBe(time);
    }

    [Fact]
    public void A_member_of_another_type_counts_as_absent() =>
        Read("""{"logLevel":["ERROR"],"timestamp":5,"clientId":{"a":1},"status":"Failure","reason":null}""").ShouldBe(new IotLogEntry { IsError = true });

    [Fact]
    public void Only_errors_are_read_whole_when_only_they_are_asked_for()
    {
        var reader = new IotLogReader();

        reader.TryReadError("""{"logLevel":"INFO","status":"Success"}"""u8, out _).ShouldBeFalse();
        reader.TryReadError("all is well"u8, out _).ShouldBeFalse();
        reader.TryReadError("""{"logLevel":"ERROR","clientId":"a"}"""u8, out IotLogEntry? entry).ShouldBeTrue();
        entry!.ClientId.ShouldBe("a");
    }

    [Fact]
    public void Whatever_a_line_is_it_is_read() =>
        Prop.ForAll(Arb.From(Gen.Choose(0, int.MaxValue)), seed =>
        {
            var random = new Random(seed);
            System.Text.Json.JsonElement[] cases = [.. Vectors.Read("fleet/entries.jsonl")];
            byte[] line = JsonMaker.Damage(Encoding.UTF8.GetBytes(cases[random.Next(cases.Length)].GetProperty("log").GetRawText()), random);
            var timeline = new ErrorTimeline();

            timeline.Add(new IotLogReader().Read(line));

            timeline.Statistics.Errors.ShouldBeLessThanOrEqualTo(1);
        }).Check(Config.QuickThrowOnFailure.WithReplay(20260101, 3).WithMaxTest(1_500));

    [Fact]
    public void Numbers_are_masked_as_the_expression_says() =>
        Prop.ForAll(Arb.From(Gen.Choose(0, int.MaxValue)), seed =>
        {
            var random = new Random(seed);
            // No three dots, so that no address is masked before.
            string text = string.Concat(Enumerable.Range(0, random.Next(12)).Select(_ => "019.-+ a:Z"[random.Next(10)]));

            text = text.Count(c => c == '.') < 3 ? text : text.Replace('.', ':');
            LogTemplates.Mask(text).ShouldBe(IotOps.Fleet.Timeline.Masks.Num().Replace(text, "<NUM>"), text);
        }).Check(Config.QuickThrowOnFailure.WithReplay(20260101, 5).WithMaxTest(5_000));

    [Fact]
    public void An_envelope_is_read_raw_packed_and_from_Lambda()
    {
        const string Json = """{"messageType":"DATA_MESSAGE","owner":"1","logGroup":"AWSIotLogsV2","logStream":"s","subscriptionFilters":["f"],"logEvents":[{"id":"i","timestamp":1767225600000,"message":"{\"logLevel\":\"ERROR\"}"}]}""";
        byte[] packed = Pack(Json);
        byte[] lambda = Encoding.UTF8.GetBytes($$$"""{"awslogs":{"data":"{{{Convert.ToBase64String(packed)}}}"}}""");

        foreach (byte[] data in new[] { Encoding.UTF8.GetBytes(Json), packed, lambda })
        {
            IotLogEnvelope envelope = IotLogEnvelope.Parse(data);
            IotLogLine line = envelope.Lines.ShouldHaveSingleItem();
            (envelope.LogGroup, line.EventId, line.Time, Encoding.UTF8.GetString(line.Message.Span))
                .ShouldBe(("AWSIotLogsV2", "i", DateTimeOffset.Parse("2026-01-01T00:00:00Z"), """{"logLevel":"ERROR"}"""));
        }

        IotLogEnvelope.Parse("""{"messageType":"CONTROL_MESSAGE","logEvents":[{"message":"x"}]}"""u8.ToArray()).Lines.ShouldBeEmpty();
    }

    [Theory]
    [InlineData("{}", "messageType is neither DATA_MESSAGE nor CONTROL_MESSAGE")]
    [InlineData("""{"awslogs":{"data":"%"}}""", "awslogs.data is no base64")]
    [InlineData("[]", "")]
    [InlineData("", "")]
    public void What_is_no_envelope_is_refused(string json, string reason) =>
        Should.Throw<FormatException>(() => IotLogEnvelope.Parse(Encoding.UTF8.GetBytes(json))).Message.ShouldStartWith($"This is no envelope of a subscription filter: {reason}");

    [Fact]
    public void An_envelope_that_is_cut_off_or_unpacks_without_end_is_refused()
    {
        Should.Throw<FormatException>(() => IotLogEnvelope.Parse(Pack(new string(' ', 1_000)).AsMemory()[..^12]));
        Should.Throw<FormatException>(() => IotLogEnvelope.Parse(Pack(new string(' ', IotLogEnvelope.MaxBytes + 1)))).Message.ShouldContain("it unpacks to more than 67108864 bytes");
    }

    private static IotLogEntry Read(string line) => new IotLogReader().Read(Encoding.UTF8.GetBytes(line));

    private static byte[] Pack(string json)
    {
        using var packed = new MemoryStream();
        using (var gzip = new GZipStream(packed, CompressionLevel.Fastest))
        {
            gzip.Write(Encoding.UTF8.GetBytes(json));
        }

        return packed.ToArray();
    }
}
