using System.Text;
using IotOps.Logs.Reading;

namespace IotOps.Logs.Tests.Reading;

public sealed class TimestampReaderTests
{
    private static readonly DateTimeOffset Now = new(2023, 10, 1, 12, 0, 0, TimeSpan.Zero);

    private static readonly TimeZoneInfo East = TimeZoneInfo.CreateCustomTimeZone("east", TimeSpan.FromHours(2), "east", "east");

    [Theory]
    [InlineData("2023-10-01T12:00:00Z x", "2023-10-01T12:00:00Z")]
    [InlineData("2023-10-01T12:00:00.1Z x", "2023-10-01T12:00:00.1Z")]
    [InlineData("2023-10-01 12:00:00,123 INFO", "2023-10-01T12:00:00.123+02:00")]
    [InlineData("2023-10-01T12:00:00.123456789+05:30", "2023-10-01T12:00:00.1234567+05:30")]
    [InlineData("2023-10-01T12:00:00-0800", "2023-10-01T12:00:00-08:00")]
    [InlineData("2023-10-01 12:00:00 +0100", "2023-10-01T12:00:00+01:00")]
    [InlineData("2023-10-01T12:00:00+01 x", "2023-10-01T12:00:00+01:00")]
    [InlineData("2023-10-01 12:00:00.123 UTC [77] LOG:  checkpoint", "2023-10-01T12:00:00.123Z")]
    [InlineData("2023-10-01 12:00:00 GMT x", "2023-10-01T12:00:00Z")]
    [InlineData("2023-10-01 12:00:00 Z", "2023-10-01T12:00:00Z")]
    [InlineData("2023-10-01T12:00:00UTC", "2023-10-01T12:00:00Z")]
    [InlineData("2023-10-01 12:00:00 UTCP failed", "2023-10-01T12:00:00+02:00")]
    [InlineData("2023-10-01 12:00:00 Zebra", "2023-10-01T12:00:00+02:00")]
    [InlineData("2023-10-01 12:00:00 -12 dBm rssi", "2023-10-01T12:00:00+02:00")]
    [InlineData("2023-10-01 12:00:00 -12", "2023-10-01T12:00:00+02:00")]
    [InlineData("2023-10-01 12:00:00 -05:30 x", "2023-10-01T12:00:00-05:30")]
    [InlineData("2023-10-01 12:00:00 -1234567 bytes", "2023-10-01T12:00:00+02:00")]
    [InlineData("2024-02-29T23:59:60Z", "2024-03-01T00:00:00Z")]
    [InlineData("2023-02-29T00:00:00Z", null)]
    [InlineData("2023-10-01", null)]
    [InlineData("2023-10-01X12:00:00", null)]
    [InlineData("2023-1a-01T12:00:00", null)]
    [InlineData("2023-10-01T24:00:00", null)]
    [InlineData("", null)]
    public void Iso_8601_is_read(string text, string? expected) => Check(LogTimestampOptions.Iso8601 with { TimeZone = East }, text, expected);

    [Theory]
    [InlineData("Oct  1 12:00:00 host app: x", "2023-10-01T12:00:00+02:00")]
    [InlineData("Oct 01 12:00:00 host", "2023-10-01T12:00:00+02:00")]
    [InlineData("Oct 1 12:00:00 host", "2023-10-01T12:00:00+02:00")]
    [InlineData("<34>Oct 11 22:14:15 host", "2023-10-11T22:14:15+02:00")]
    [InlineData("Jan  2 00:00:00 h", "2024-01-02T00:00:00+02:00")]
    [InlineData("May 31 00:00:00 h", "2023-05-31T00:00:00+02:00")]
    [InlineData("Feb 29 00:00:00 h", "2024-02-29T00:00:00+02:00")]
    [InlineData("Feb 30 00:00:00 h", null)]
    [InlineData("Foo 01 12:00:00 h", null)]
    [InlineData("anF 01 12:00:00 h", null)]
    [InlineData("Oct", null)]
    public void Syslog_takes_the_nearest_year(string text, string? expected) => Check(LogTimestampOptions.Syslog with { TimeZone = East }, text, expected);

    [Theory]
    [InlineData("dd/MMM/yyyy:HH:mm:ss zzz", "[", "[01/Oct/2023:12:00:00 -0700] \"GET\"", "2023-10-01T12:00:00-07:00")]
    [InlineData("dd/MMM/yyyy:HH:mm:ss zzz", "", "nothing", null)]
    [InlineData("yyyy-MM-dd HH:mm:ssK", "", "2023-10-01 12:00:00 no zone", "2023-10-01T12:00:00+02:00")]
    [InlineData("yyyy-MM-dd HH:mm:ssK", "", "2023-10-01 12:00:00Z", "2023-10-01T12:00:00Z")]
    [InlineData("yyyy-MM-dd HH:mm:ssK", "", "2023-10-01 12:00:00-05:00 x", "2023-10-01T12:00:00-05:00")]
    [InlineData("'K' yyyy-MM-dd HH:mm:ss K", "", "K 2023-10-01 12:00:00 +01:00", "2023-10-01T12:00:00+01:00")]
    [InlineData("yyyyMMdd HHmmss", "", "20231001 120000é", "2023-10-01T12:00:00+02:00")]
    [InlineData("d.M.yyyy H:mm:ss", "t=", "t=1.10.2023 9:05:06 x", "2023-10-01T09:05:06+02:00")]
    [InlineData("d.M.yyyy H:mm:ss", "t=", "21.10.2023 19:05:06 x", "2023-10-21T19:05:06+02:00")]
    public void A_custom_format_is_read_from_the_start(string format, string prefix, string text, string? expected) =>
        Check(new LogTimestampOptions { Format = format, Prefix = prefix, TimeZone = East }, text, expected);

    [Theory]
    [InlineData("epoch", "1696161600 x", 1696161600000)]
    [InlineData("epoch", "1696161600.123456 x", 1696161600123)]
    [InlineData("epoch", "1696161600.9999", 1696161600999)]
    [InlineData("epoch", "1696161600.5", 1696161600500)]
    [InlineData("epoch", "1696161600123", 1696161600123)]
    [InlineData("epoch", "1696161600123456 x", 1696161600123)]
    [InlineData("epoch", "1696161600123456789\tx", 1696161600123)]
    [InlineData("epoch", "12345.678 since the start", null)]
    [InlineData("epoch", "1696161600abc", null)]
    [InlineData("epoch", "20231001-12", null)]
    [InlineData("epoch", "99999999999999999999", null)]
    [InlineData("epoch", "-1696161600", null)]
    [InlineData("epoch", "", null)]
    [InlineData("epoch-s", "60 x", 60000L)]
    [InlineData("epoch-s", "9999999999999999999", null)]
    [InlineData("epoch-ms", "60", 60L)]
    [InlineData("epoch-us", "1696161600123456", 1696161600123)]
    [InlineData("epoch-ns", "1696161600123456789", 1696161600123)]
    public void A_number_since_1970_is_read_by_its_magnitude_or_as_said(string format, string text, long? expected) =>
        new TimestampReader(new LogTimestampOptions { Format = format }).Read(Encoding.UTF8.GetBytes(text), Now).ShouldBe(expected);

    [Theory]
    [InlineData("iso8601", "time", """{"level":"info","time":"2023-10-01T12:00:00Z","msg":"x"}""", "2023-10-01T12:00:00Z")]
    [InlineData("iso8601", "time", """{"a":{"time":"2001-01-01T00:00:00Z"},"time":"2023-10-01T12:00:00Z"}""", "2023-10-01T12:00:00Z")]
    [InlineData("iso8601", "event.created", """ {"event":{"id":1,"created":"2023-10-01T12:00:00Z"}}""", "2023-10-01T12:00:00Z")]
    [InlineData("iso8601", "event.created", """{"event.created":"2023-10-01T12:00:00Z"}""", "2023-10-01T12:00:00Z")]
    [InlineData("iso8601", "time", """{"time":"2023-10-01T12\u003a00:00Z"}""", "2023-10-01T12:00:00Z")]
    [InlineData("epoch", "ts", """{"ts":1696161600.123,"msg":"x"}""", "2023-10-01T12:00:00.123Z")]
    [InlineData("epoch-ms", "ts", """{"ts":"1696161600123"}""", "2023-10-01T12:00:00.123Z")]
    [InlineData("iso8601", "time", """{"time":"2023-10-01T12:00:00Z","msg":"cut he""", "2023-10-01T12:00:00Z")]
    [InlineData("iso8601", "time", """{"msg":"cut he""", null)]
    [InlineData("iso8601", "time", """{"time":true}""", null)]
    [InlineData("iso8601", "time", """{"time":{"x":1}}""", null)]
    [InlineData("iso8601", "time", "{ no json 2023-10-01T12:00:00Z", null)]
    [InlineData("iso8601", "time", "2023-10-01T12:00:00Z no json", null)]
    public void The_time_is_read_from_a_field_of_json(string format, string field, string text, string? expected) =>
        Check(new LogTimestampOptions { Format = format, JsonField = field, TimeZone = East }, text, expected);

    [Fact]
    public void A_field_without_a_name_is_refused() =>
        Should.Throw<ArgumentException>(() => new TimestampReader(LogTimestampOptions.Iso8601 with { JsonField = " " })).Message.ShouldContain("JSON field");

    [Theory]
    [InlineData("")]
    [InlineData("%")]
    public void A_format_that_is_none_is_refused(string format) =>
        Should.Throw<ArgumentException>(() => new TimestampReader(new LogTimestampOptions { Format = format })).Message.ShouldContain("iso8601");

    private static void Check(LogTimestampOptions options, string text, string? expected)
    {
        var reader = new TimestampReader(options);
        long? time = reader.Read(Encoding.UTF8.GetBytes(text), Now);
        time.ShouldBe(expected is null ? null : DateTimeOffset.Parse(expected).ToUnixTimeMilliseconds());
        reader.Read(Encoding.UTF8.GetBytes(text), Now).ShouldBe(time);
    }
}
