namespace IotOps.Defender.Tests.Publishing;

public sealed class OptionsTests
{
    private readonly DefenderPublisherOptions _good = new() { Connection = new FakeConnection(), ThingName = "t", Collect = static _ => null };

    [Fact]
    public void Five_minutes_is_the_default_and_the_least() =>
        Refusal(_good with { Interval = TimeSpan.FromSeconds(299) }).ShouldContain("Interval is 00:04:59; Device Defender takes a report every 300 s at most");

    [Fact]
    public async Task Less_needs_to_be_asked_for()
    {
        await using var publisher = new DefenderPublisher(_good with { Interval = TimeSpan.FromMilliseconds(10), AllowShortInterval = true });
        Refusal(_good with { Interval = TimeSpan.Zero, AllowShortInterval = true }).ShouldContain("Interval is 00:00:00");
    }

    [Fact]
    public void Whatever_is_out_of_range_is_named()
    {
        Refusal(_good with { Connection = null! }).ShouldContain("Connection is null");
        Refusal(_good with { ThingName = "a/b" }).ShouldContain("ThingName is 'a/b'");
        Refusal(_good with { Collect = null }).ShouldContain("nothing to report");
        Refusal(_good with { Format = (DefenderFormat)7 }).ShouldContain("Format is 7");
        Refusal(_good with { Names = (DefenderNames)7 }).ShouldContain("Names is 7");
        Refusal(_good with { Interval = TimeSpan.FromDays(2) }).ShouldContain("Interval is 2.00:00:00");
        Refusal(_good with { Jitter = TimeSpan.FromSeconds(-1) }).ShouldContain("Jitter is -00:00:01");
        Refusal(_good with { ReplyTimeout = TimeSpan.Zero }).ShouldContain("ReplyTimeout is 00:00:00");
        Refusal(_good with { MaxReportBytes = 1023 }).ShouldContain("MaxReportBytes is 1023");
        Refusal(_good with { MaxReportBytes = DefenderReport.MaxBytes + 1 }).ShouldContain("MaxReportBytes is 131073");
        Refusal(_good with { StateDirectory = " " }).ShouldContain("StateDirectory is empty");
    }

    private static string Refusal(DefenderPublisherOptions options) => Should.Throw<ArgumentException>(() => new DefenderPublisher(options)).Message;
}
