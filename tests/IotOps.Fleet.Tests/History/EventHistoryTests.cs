using System.Text.Json;
using System.Threading.RateLimiting;
using IotOps.Aws;
using IotOps.TestKit;

namespace IotOps.Fleet.Tests.History;

public sealed class EventHistoryTests : IDisposable
{
    private static readonly DateTimeOffset Now = DateTimeOffset.Parse("2026-03-01T00:00:00Z");

    private readonly CloudStub _cloud = new(AwsService.CloudTrail);
    private readonly CountingLimiter _pace = new();

    public void Dispose()
    {
        _pace.Dispose();
        _cloud.Dispose();
    }

    [Fact]
    public async Task All_pages_are_asked_for_with_the_same_parameters_and_each_call_waits_for_its_turn()
    {
        Answer("t1", "a", "b");
        Answer("t2", "c");
        Answer(null);

        List<CloudTrailRecord> records = await LookUpAsync(new EventHistoryQuery
        {
            Since = Now.AddDays(-1),
            Until = Now,
            Key = EventHistoryKey.EventName,
            Value = "UpdateCertificate",
        });

        records.Select(record => record.EventId).ShouldBe(["a", "b", "c"]);
        _pace.Acquired.ShouldBe(3);
        const string Asked = """{"LookupAttributes":[{"AttributeKey":"EventName","AttributeValue":"UpdateCertificate"}],"StartTime":1772236800,"EndTime":1772323200""";
        _cloud.Bodies.ShouldBe([Asked + "}", Asked + ",\"NextToken\":\"t1\"}", Asked + ",\"NextToken\":\"t2\"}"]);
        _cloud.Requests[0].Header("X-Amz-Target")!.ShouldEndWith("CloudTrail_20131101.LookupEvents");
    }

    [Fact]
    public async Task Insights_are_another_category()
    {
        Answer(null);

        await LookUpAsync(new EventHistoryQuery { Insights = true });

        _cloud.Bodies[0].ShouldBe("""{"EventCategory":"insight"}""");
    }

    [Theory]
    [InlineData("iot:UpdateCertificate", null, false, "EventName", "UpdateCertificate")]
    [InlineData("iot:Update*", null, false, "EventSource", "iot.amazonaws.com")]
    [InlineData("Update*", null, true, "ReadOnly", "false")]
    [InlineData("Update*", null, false, null, null)]
    [InlineData("updatecertificate", null, false, null, null)]
    [InlineData("UpdateCertificate,DeleteCertificate", null, false, null, null)]
    [InlineData("iot:Update*", "AKIAEXAMPLE000000001", true, "AccessKeyId", "AKIAEXAMPLE000000001")]
    [InlineData(null, "operator01", false, null, null)]
    public async Task A_query_is_asked_by_the_key_that_leaves_the_fewest_events(string? what, string? who, bool writes, string? key, string? value)
    {
        Answer(null);
        using EventHistory history = History();

        (await Trail.Records.ToListAsync(history.FindAsync(new TrailQuery { What = what, Who = who, WritesOnly = writes }, TestContext.Current.CancellationToken))).ShouldBeEmpty();

        JsonElement body = JsonElement.Parse(_cloud.Requests[0].Body);
        string?[] asked = body.TryGetProperty("LookupAttributes", out JsonElement list)
            ? [list[0].GetProperty("AttributeKey").GetString(), list[0].GetProperty("AttributeValue").GetString()]
            : [null, null];
        asked.ShouldBe([key, value]);
    }

    [Fact]
    public async Task The_rest_of_a_query_is_looked_for_in_what_comes()
    {
        _cloud.Answer(JsonOf(null, """{"eventID":"a","eventName":"X","readOnly":false}""", """{"eventID":"b","eventName":"X","readOnly":true}"""));
        using EventHistory history = History();

        List<CloudTrailRecord> found = await Trail.Records.ToListAsync(history.FindAsync(new TrailQuery { What = "X", WritesOnly = true }, TestContext.Current.CancellationToken));

        found.Select(record => record.EventId).ShouldBe(["a"]);
    }

    [Fact]
    public async Task An_event_that_cannot_be_read_is_told_and_the_others_come()
    {
        _cloud.Answer(JsonOf(null, "{", """{"eventID":"b"}""", """{"eventID":"c","eventVersion":"2.0"}"""));
        using EventHistory history = History();

        List<CloudTrailRecord> found = await Trail.Records.ToListAsync(history.LookUpAsync(new EventHistoryQuery(), TestContext.Current.CancellationToken));

        found.Select(record => record.EventId).ShouldBe(["b"]);
        history.Problems.Count.ShouldBe(2);
    }

    [Fact]
    public void What_LookupEvents_cannot_answer_is_not_asked()
    {
        using EventHistory history = History();

        Refused(new EventHistoryQuery { Since = Now.AddDays(-91) }).ShouldStartWith("The event history has 90 days, from 2025-12-01 00:00:00Z on; 2025-11-30 00:00:00Z is in the trail's bucket, if anywhere.");
        Refused(new EventHistoryQuery { Since = Now, Until = Now }).ShouldStartWith("The range ends");
        Refused(new EventHistoryQuery { Until = Now.AddDays(-100) }).ShouldStartWith("The range ends");
        Refused(new EventHistoryQuery { Key = EventHistoryKey.EventId }).ShouldStartWith("A key needs a value.");
        Refused(new EventHistoryQuery { Key = EventHistoryKey.EventId, Value = new string('x', 2_001) }).ShouldStartWith("The value has 2001 characters");
        Refused(new EventHistoryQuery { Insights = true, Key = EventHistoryKey.Username, Value = "x" }).ShouldStartWith("Insights events cannot be looked up by Username");
        _cloud.Requests.ShouldBeEmpty();

        string Refused(EventHistoryQuery query) => Should.Throw<ArgumentException>(() => history.LookUpAsync(query)).Message;
    }

    [Fact]
    public void The_default_pace_is_a_call_each_half_second()
    {
        TokenBucketRateLimiterOptions pace = Fleet.History.HistoryPace.Options();

        (pace.TokenLimit, pace.TokensPerPeriod, pace.ReplenishmentPeriod).ShouldBe((1, 1, TimeSpan.FromMilliseconds(500)));
    }

    private EventHistory History() => new(_cloud.Client, new EventHistoryOptions { Pace = _pace, TimeProvider = new ManualTimeProvider(Now) });

    private async Task<List<CloudTrailRecord>> LookUpAsync(EventHistoryQuery query)
    {
        using EventHistory history = History();
        return await Trail.Records.ToListAsync(history.LookUpAsync(query, TestContext.Current.CancellationToken));
    }

    private void Answer(string? next, params string[] ids) =>
        _cloud.Answer(JsonOf(next, [.. ids.Select(id => $$"""{"eventID":"{{id}}","eventTime":"2026-02-28T12:00:00Z"}""")]));

    private static string JsonOf(string? next, params string[] records) =>
        $"{{\"Events\":[{string.Join(',', records.Select((record, i) => $"{{\"EventId\":\"e{i}\",\"CloudTrailEvent\":\"{JsonEncodedText.Encode(record)}\"}}"))}]{(next is null ? "" : $",\"NextToken\":\"{next}\"")}}}";
}
