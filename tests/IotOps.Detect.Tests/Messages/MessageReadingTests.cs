using System.Buffers;
using System.Text;
using IotOps.Defender;
using IotOps.Fleet;

namespace IotOps.Detect.Tests.Messages;

/// <summary>What the rules put on the queue, read.</summary>
public sealed class MessageReadingTests
{
    private static readonly DateTimeOffset Time = DateTimeOffset.FromUnixTimeMilliseconds(1_700_000_000_123);

    [Theory]
    [InlineData(DefenderFormat.Json, DefenderNames.LongNames)]
    [InlineData(DefenderFormat.Json, DefenderNames.ShortNames)]
    [InlineData(DefenderFormat.Cbor, DefenderNames.LongNames)]
    [InlineData(DefenderFormat.Cbor, DefenderNames.ShortNames)]
    public void A_report_is_read_in_each_of_its_forms(DefenderFormat format, DefenderNames names)
    {
        DetectMessage message = Parse($$"""{"report":"{{Base64(format, names)}}","thing":"THING00001","time":1700000000123}""");
        message.Thing.ShouldBe("THING00001");
        ReportEvent report = message.Event.ShouldBeOfType<ReportEvent>();
        report.Time.ShouldBe(Time);
        report.Report.ReportId.ShouldBe(1_700_000_000);
        report.Report.CustomMetrics["battery"].Numbers.ShouldBe([87d]);
    }

    [Fact]
    public void A_report_may_stand_there_as_an_object() =>
        Parse("""{"thing":"T","time":1700000000123,"report":{"hed":{"rid":7,"v":"1.0"},"met":{}}}""").Event.ShouldBeOfType<ReportEvent>().Report.ReportId.ShouldBe(7);

    [Fact]
    public void Slashes_of_base64_may_be_escaped()
    {
        string text = Convert.ToBase64String(Encoding.UTF8.GetBytes("""{"hed":{"rid":7,"v":"1.0"},"cmet":{"a":[{"string_list":["??>>??"]}]}}""".Replace("??>>??", "a/b", StringComparison.Ordinal)));
        Parse($$"""{"report":"{{text.Replace("/", "\\/", StringComparison.Ordinal)}}","thing":"T","time":1}""").Event.ShouldBeOfType<ReportEvent>().Report.ReportId.ShouldBe(7);
    }

    [Fact]
    public void The_name_that_a_payload_claims_is_not_read()
    {
        string claim = Convert.ToBase64String("""{"thing":"ANOTHER","hed":{"rid":7,"v":"1.0"},"met":{}}"""u8);
        Parse($$"""{"report":"{{claim}}","thing":"THING00001","time":1}""").Thing.ShouldBe("THING00001");
    }

    [Fact]
    public void A_lifecycle_event_is_of_its_thing_or_of_its_client()
    {
        const string Connected = """{"clientId":"C1","timestamp":1700000000123,"eventType":"connected","versionNumber":3,"ipAddress":"198.51.100.7"}""";
        DetectMessage message = Parse(Connected);
        message.Thing.ShouldBe("C1");
        message.Event.ShouldBeOfType<ConnectionEvent>().Lifecycle.Kind.ShouldBe(LifecycleEventKind.Connected);
        message.Event.Time.ShouldBe(Time);
        Parse(Connected.Replace("\"clientId\"", "\"thingName\":\"T1\",\"clientId\"", StringComparison.Ordinal)).Thing.ShouldBe("T1");
    }

    [Theory]
    [InlineData(1, "sender")]
    [InlineData(2, "sender")]
    [InlineData(3, "receiver")]
    [InlineData(1000, "receiver")]
    [InlineData(0, "sender")]
    public void A_message_has_its_length_in_bytes(int bytes, string member)
    {
        string base64 = Convert.ToBase64String(new byte[bytes]);
        DetectMessage message = Parse(
            $$"""{"{{member}}":"T1","time":1700000000123,"base64":{{base64.Length}},"padding":{{base64.IndexOf('=', StringComparison.Ordinal)}},"id":"0000-1"}""");
        message.ShouldBe(new DetectMessage("T1", new MessageEvent(member == "receiver", bytes, "0000-1", Time)));
    }

    [Fact]
    public void A_line_of_the_IoT_logs_is_of_its_client()
    {
        const string Line = """{"timestamp":"2026-01-01 02:03:04.567","logLevel":"ERROR","status":"Failure","eventType":"Publish-In","reason":"AUTHORIZATION_FAILURE","clientId":"C1","sourceIp":"198.51.100.7"}""";
        DetectMessage message = Parse(Line);
        message.Thing.ShouldBe("C1");
        LogEvent log = message.Event.ShouldBeOfType<LogEvent>();
        log.Entry.Reason.ShouldBe("AUTHORIZATION_FAILURE");
        log.ShouldBe(Parse(Line).Event.ShouldBeOfType<LogEvent>() with { Entry = log.Entry }, "the same line has the same id");
    }

    [Fact]
    public void An_envelope_of_log_lines_has_a_message_a_line_about_a_client()
    {
        IReadOnlyList<DetectMessage> messages = DetectMessage.ParseAll(Encoding.UTF8.GetBytes(
            """
            {"messageType":"DATA_MESSAGE","logGroup":"AWSIotLogsV2","logStream":"s","logEvents":[
              {"id":"1","timestamp":1700000000123,"message":"{\"eventType\":\"Connect\",\"status\":\"Failure\",\"clientId\":\"C1\"}"},
              {"id":"2","timestamp":1700000000123,"message":"{\"eventType\":\"RuleNotFound\",\"status\":\"Failure\",\"clientId\":\"N/A\"}"},
              {"id":"3","timestamp":1700000000123,"message":"{\"eventType\":\"Connect\",\"status\":\"Failure\",\"clientId\":\"C2\"}"}]}
            """));
        messages.Select(message => message.Thing).ShouldBe(["C1", "C2"]);
        messages[0].Event.Time.ShouldBe(Time);
        DetectMessage.ParseAll(Encoding.UTF8.GetBytes("""{"thing":"T","time":1,"report":{"hed":{"rid":7,"v":"1.0"},"met":{}}}""")).Count.ShouldBe(1);
    }

    [Theory]
    [InlineData("")]
    [InlineData("[]")]
    [InlineData("{}")]
    [InlineData("""{"report":"AAA","thing":"T","time":1}""")]
    [InlineData("""{"report":7,"thing":"T","time":1}""")]
    [InlineData("""{"report":"e30=","thing":"T","time":1}""")]
    [InlineData("""{"report":{"hed":{"rid":7,"v":"1.0"},"met":{}},"time":1}""")]
    [InlineData("""{"report":{"hed":{"rid":7,"v":"1.0"},"met":{}},"thing":"T"}""")]
    [InlineData("""{"report":{"hed":{"rid":7,"v":"1.0"},"met":{}},"thing":"","time":1}""")]
    [InlineData("""{"report":{"hed":{"rid":7,"v":"1.0"},"met":{}},"thing":"T","time":1} {}""")]
    [InlineData("""{"report":{"hed":{"rid":7,"v":"1.0"},"met":{}},"thing":"T","time":1""")]
    [InlineData("""{"sender":"T","time":1,"base64":5,"padding":-1,"id":"x"}""")]
    [InlineData("""{"sender":"T","time":1,"base64":4,"padding":4,"id":"x"}""")]
    [InlineData("""{"sender":"T","time":1,"base64":4,"padding":-1}""")]
    [InlineData("""{"eventType":"connected","clientId":"C"}""")]
    [InlineData("""{"eventType":"Connect","status":"Failure"}""")]
    [InlineData("""{"thing":"\ud800","report":"e30=","time":1}""")]
    public void Anything_else_is_an_error_that_says_so(string body) => Should.Throw<FormatException>(() => Parse(body)).Message.ShouldNotBeEmpty();

    [Fact]
    public void Any_bytes_are_read_or_refused()
    {
        byte[] valid = Encoding.UTF8.GetBytes($$"""{"report":"{{Base64(DefenderFormat.Cbor, DefenderNames.ShortNames)}}","thing":"T","time":1700000000123}""");
        var random = new Random(13);
        for (int i = 0; i < 20_000; i++)
        {
            byte[] body = [.. valid];
            for (int changes = random.Next(1, 4); changes > 0; changes--)
            {
                body[random.Next(body.Length)] = (byte)random.Next(256);
            }

            try
            {
                DetectMessage.ParseAll(body.AsMemory(0, random.Next(4) == 0 ? random.Next(body.Length) : body.Length));
            }
            catch (FormatException)
            {
                // As it should be.
            }
        }
    }

    private static DetectMessage Parse(string body) => DetectMessage.Parse(Encoding.UTF8.GetBytes(body));

    private static string Base64(DefenderFormat format, DefenderNames names)
    {
        var builder = new DefenderReportBuilder();
        builder.TcpConnections.Add(new EstablishedConnection(InternetAddress.Parse("198.51.100.7"), 8883, LocalPort: 51022, LocalInterface: "eth0"));
        builder.SetCustomMetric("battery", CustomMetricValue.Number(87));
        var payload = new ArrayBufferWriter<byte>();
        builder.WriteTo(payload, reportId: 1_700_000_000, format, names);
        return Convert.ToBase64String(payload.WrittenSpan);
    }
}
