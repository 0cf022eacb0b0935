using IotOps.Samples.CommandLine;
using IotOps.Samples.Configuration;
using IotOps.Samples.LogExport;
using IotOps.Samples.LogExport.Configuration;

namespace IotOps.Samples.Tests.LogExport;

public sealed class ExportConfigTests
{
    private const string Full = """
        { bucket: 'dev-iot-logs', output: 'slack/iot-logs', linkValidity: '30m',
          categories: {
            telemetry: { prefix: 'telemetry/{yyyy}/{MM}/{dd}/{HH}/', identifier: 'thingName', time: 'timestamp', deliveryDelay: '1h' },
            command: { prefix: 'commands/{identifier}/{yyyy}/{MM}/{dd}/', aliases: ['commands'], deliveryDelay: '0' } },
          environments: {
            dev: { jobQueue: 'q', jobDefinition: 'd' },
            prod: { bucket: 'prod-iot-logs', roleArn: 'arn:aws:iam::123456789012:role/LogExport', region: 'eu-west-1' } } }
        """;

    [Fact]
    public void Categories_are_read_with_their_folders_and_aliases()
    {
        ExportConfig config = Read(Full, null);

        (config.Bucket, config.Output, config.LinkValidity).ShouldBe(("dev-iot-logs", "slack/iot-logs", TimeSpan.FromMinutes(30)));
        config.Layout.Categories.Select(c => c.Name).ShouldBe(["telemetry", "command"]);
        config.Layout.Find("commands")!.DeliveryDelay.ShouldBe(TimeSpan.Zero);
        config.Layout.Find("telemetry")!.DeliveryDelay.ShouldBe(TimeSpan.FromHours(1));
    }

    [Fact]
    public void An_environment_overrides_what_it_names()
    {
        (Read(Full, "dev").Bucket, Read(Full, "dev").JobQueue).ShouldBe(("dev-iot-logs", "q"));
        (Read(Full, "prod").Bucket, Read(Full, "prod").RoleArn, Read(Full, "prod").Region)
            .ShouldBe(("prod-iot-logs", "arn:aws:iam::123456789012:role/LogExport", "eu-west-1"));
        Should.Throw<UsageException>(() => Read(Full, "test")).Message.ShouldContain("there are: dev, prod");
    }

    [Theory]
    [InlineData("{ categories: { t: { prefx: 'a/{yyyy}/' } } }", "did you mean 'prefix'")]
    [InlineData("{ categories: { t: { prefix: 'a/{year}/' } } }", "{year}")]
    [InlineData("{ categories: {} }", "at least one category")]
    [InlineData("{ categories: { t: { prefix: 'a/{yyyy}/{MM}/{dd}/' } }, environments: { dev: { bukket: 'x' } } }", "did you mean 'bucket'")]
    public void A_mistake_is_reported_with_its_place(string text, string problem) =>
        Should.Throw<ConfigException>(() => Read(text, null)).Message.ShouldContain(problem);

    [Theory]
    [InlineData("2023/10/01", "2023-10-01", null)]
    [InlineData("2023-10-01", "2023-10-01", null)]
    [InlineData("20231001", "2023-10-01", null)]
    [InlineData("2023/10/01..2023/10/03", "2023-10-01", "2023-10-03")]
    public void Days_are_written_in_several_ways(string text, string first, string? last) =>
        DayRange.Parse(text).ShouldBe(new DayRange(DateOnly.Parse(first), last is null ? null : DateOnly.Parse(last)));

    [Theory]
    [InlineData("08:00..10:30", "08:00", "10:30")]
    [InlineData("8..10", "08:00", "10:00")]
    [InlineData("22:00..24:00", "22:00", null)]
    [InlineData("..06:00", null, "06:00")]
    [InlineData("08:00:05..", "08:00:05", null)]
    public void Hours_are_written_in_several_ways(string text, string? from, string? until) =>
        HourRange.Parse(text).ShouldBe(new HourRange(from is null ? null : TimeOnly.Parse(from), until is null ? null : TimeOnly.Parse(until)));

    [Theory]
    [InlineData("08:00")]
    [InlineData("..")]
    [InlineData("25:00..26:00")]
    [InlineData("08:00..10:00..12:00")]
    public void What_is_no_range_of_hours_is_refused(string text) => Should.Throw<UsageException>(() => HourRange.Parse(text));

    [Fact]
    public void Zones_are_read_for_commands_and_for_folders()
    {
        string text = "{ timeZone: 'Europe/Berlin', categories: { t: { prefix: 't/{yyyy}/{MM}/{dd}/', timeZone: 'Asia/Tokyo' } }, environments: { jp: { timeZone: 'Asia/Tokyo' } } }";

        (Read(text, null).TimeZone, Read(text, "jp").TimeZone, Read(text, null).Layout.Categories[0].TimeZone).ShouldBe(("Europe/Berlin", "Asia/Tokyo", "Asia/Tokyo"));
        Should.Throw<ConfigException>(() => Read("{ categories: { t: { prefix: 't/{yyyy}/{MM}/{dd}/', timeZone: 'Mars' } } }", null)).Message.ShouldContain("is no time zone");
        Should.Throw<ConfigException>(() => Read("{ categories: { t: { prefix: 't/{yyyy}/{MM}/' } } }", null)).Message.ShouldContain("Time must name");
    }

    [Theory]
    [InlineData("2023/13/01")]
    [InlineData("01/10/2023")]
    [InlineData("2023/10/01..")]
    [InlineData("")]
    public void A_malformed_day_is_refused(string text) => Should.Throw<UsageException>(() => DayRange.Parse(text));

    [Theory]
    [InlineData("0/4", null, 0)]
    [InlineData("3/4", null, 3)]
    [InlineData("array/4", "2", 2)]
    public void A_shard_is_named_by_number_or_by_the_array_job(string shard, string? arrayIndex, int index) =>
        ShardedRun.Index(shard, arrayIndex).ShouldBe(index);

    [Theory]
    [InlineData("4/4", null)]
    [InlineData("array/4", null)]
    [InlineData("array/4", "4")]
    [InlineData("1", null)]
    [InlineData("-1/4", null)]
    public void A_malformed_shard_is_refused(string shard, string? arrayIndex) => Should.Throw<UsageException>(() => ShardedRun.Index(shard, arrayIndex));

    private static ExportConfig Read(string text, string? environment) =>
        ConfigFile.Parse("export.json5", text, document => ExportConfigFile.Read(document, environment));
}
