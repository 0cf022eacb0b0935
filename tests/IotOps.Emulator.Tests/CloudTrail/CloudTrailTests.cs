using System.Security.Cryptography;
using System.Text.Json.Nodes;
using IotOps.TestKit;

namespace IotOps.Emulator.Tests.CloudTrail;

public sealed class CloudTrailTests : IAsyncLifetime
{
    private readonly ManualTimeProvider _clock = new(DateTimeOffset.Parse("2026-03-01T00:00:00Z"));
    private AwsEmulator _emulator = null!;
    private LogsClient _client = null!;

    public async ValueTask InitializeAsync()
    {
        _emulator = await AwsEmulator.StartAsync(new EmulatorOptions { TimeProvider = _clock });
        _client = new LogsClient(_emulator, _clock, "cloudtrail", "com.amazonaws.cloudtrail.v20131101.CloudTrail_20131101.");
    }

    public async ValueTask DisposeAsync()
    {
        _client.Dispose();
        await _emulator.DisposeAsync();
    }

    [Fact]
    public async Task An_event_is_answered_with_what_the_service_takes_out_of_it()
    {
        const string Record = """{"eventID":"e","eventName":"UpdateCertificate","eventSource":"iot.amazonaws.com","eventTime":"2026-02-28T12:00:00Z","readOnly":false,"userIdentity":{"type":"AssumedRole","arn":"arn:aws:sts::123456789012:assumed-role/Ops/session1","accessKeyId":"ASIAEXAMPLE000000001"},"resources":[{"ARN":"arn:x","type":"AWS::IoT::Certificate"}]}""";
        _emulator.CloudTrail.AddEvent(Record);

        JsonObject answer = (await _client.CallAsync("LookupEvents", "{}")).Result;

        JsonNode.DeepEquals(answer, new JsonObject
        {
            ["Events"] = new JsonArray(new JsonObject
            {
                ["EventId"] = "e",
                ["EventName"] = "UpdateCertificate",
                ["ReadOnly"] = "false",
                ["AccessKeyId"] = "ASIAEXAMPLE000000001",
                ["EventTime"] = 1_772_280_000,
                ["EventSource"] = "iot.amazonaws.com",
                ["Username"] = "session1",
                ["Resources"] = new JsonArray(new JsonObject { ["ResourceType"] = "AWS::IoT::Certificate", ["ResourceName"] = "arn:x" }),
                ["CloudTrailEvent"] = Record,
            }),
        }).ShouldBeTrue(answer.ToJsonString());
    }

    [Theory]
    [InlineData("{}", "d,b,a")]
    [InlineData("""{"EventCategory":"insight"}""", "i")]
    [InlineData("""{"StartTime":1772236800}""", "d,b")]
    [InlineData("""{"EndTime":1772236799}""", "a")]
    [InlineData("""{"LookupAttributes":[{"AttributeKey":"Username","AttributeValue":"operator01"}]}""", "b")]
    [InlineData("""{"LookupAttributes":[{"AttributeKey":"ReadOnly","AttributeValue":"true"}]}""", "d")]
    [InlineData("""{"LookupAttributes":[{"AttributeKey":"EventName","AttributeValue":"updatething"}]}""", "")]
    public async Task Events_are_found_the_latest_first_for_ninety_days_and_without_data_events(string body, string ids)
    {
        Add("old", "2025-11-30T23:59:59Z");
        Add("b", "2026-02-28T00:00:00Z", ""","userIdentity":{"userName":"operator01"}""");
        Add("a", "2026-02-27T00:00:00Z");
        Add("data", "2026-02-27T00:00:00Z", ""","eventCategory":"Data" """);
        Add("i", "2026-02-27T00:00:00Z", ""","eventCategory":"Insight" """);
        Add("d", "2026-02-28T01:00:00Z", ""","eventCategory":"Management","readOnly":true""");

        Ids(await _client.CallAsync("LookupEvents", body)).ShouldBe(ids.Split(',', StringSplitOptions.RemoveEmptyEntries));
    }

    [Fact]
    public async Task Pages_follow_each_other_and_a_token_goes_with_its_parameters_only()
    {
        foreach (string id in new[] { "a", "b", "c" })
        {
            Add(id, "2026-02-28T00:00:00Z");
        }

        LogsAnswer first = await _client.CallAsync("LookupEvents", """{"MaxResults":2}""");
        Add("later", "2026-02-28T01:00:00Z");
        string token = (string)first.Result["NextToken"]!;
        LogsAnswer second = await _client.CallAsync("LookupEvents", $$"""{"MaxResults":2,"NextToken":"{{token}}"}""");
        LogsAnswer other = await _client.CallAsync("LookupEvents", $$"""{"StartTime":1,"NextToken":"{{token}}"}""");

        Ids(first).ShouldBe(["c", "b"]);
        Ids(second).ShouldBe(["a"]);
        second.Result.ContainsKey("NextToken").ShouldBeFalse();
        (other.Status, other.Code).ShouldBe((400, "InvalidNextTokenException"));
    }

    [Theory]
    [InlineData("""{"MaxResults":51}""", "InvalidMaxResultsException")]
    [InlineData("""{"MaxResults":0}""", "InvalidMaxResultsException")]
    [InlineData("""{"EventCategory":"management"}""", "InvalidEventCategoryException")]
    [InlineData("""{"StartTime":2,"EndTime":1}""", "InvalidTimeRangeException")]
    [InlineData("""{"NextToken":"x"}""", "InvalidNextTokenException")]
    [InlineData("""{"LookupAttributes":[{"AttributeKey":"Who","AttributeValue":"x"}]}""", "InvalidLookupAttributesException")]
    [InlineData("""{"LookupAttributes":[{"AttributeKey":"EventName","AttributeValue":""}]}""", "InvalidLookupAttributesException")]
    [InlineData("""{"LookupAttributes":[{"AttributeKey":"EventName","AttributeValue":"x"},{"AttributeKey":"EventId","AttributeValue":"x"}]}""", "InvalidLookupAttributesException")]
    [InlineData("""{"EventCategory":"insight","LookupAttributes":[{"AttributeKey":"Username","AttributeValue":"x"}]}""", "InvalidLookupAttributesException")]
    [InlineData("""{"MaxResults":"x"}""", "SerializationException")]
    public async Task What_the_service_refuses_is_refused(string body, string code)
    {
        LogsAnswer answer = await _client.CallAsync("LookupEvents", body);

        (answer.Status, answer.Code).ShouldBe((400, code));
    }

    [Fact]
    public async Task Public_keys_are_those_of_the_range_or_of_now()
    {
        using RSA old = RSA.Create(2_048), current = RSA.Create(2_048);
        string oldName = _emulator.CloudTrail.AddPublicKey(old, _clock.GetUtcNow().AddDays(-20), _clock.GetUtcNow().AddDays(-10));
        string name = _emulator.CloudTrail.AddPublicKey(current, _clock.GetUtcNow().AddDays(-10), _clock.GetUtcNow().AddDays(10));

        JsonArray now = (await _client.CallAsync("ListPublicKeys", "{}")).Result["PublicKeyList"]!.AsArray();
        JsonArray both = (await _client.CallAsync("ListPublicKeys", $$"""{"StartTime":{{_clock.GetUtcNow().AddDays(-15).ToUnixTimeSeconds()}}}""")).Result["PublicKeyList"]!.AsArray();

        now.Select(key => (string?)key!["Fingerprint"]).ShouldBe([name]);
        ((string?)now[0]!["Value"], (long)now[0]!["ValidityEndTime"]!).ShouldBe((Convert.ToBase64String(current.ExportRSAPublicKey()), _clock.GetUtcNow().AddDays(10).ToUnixTimeSeconds()));
        both.Select(key => (string?)key!["Fingerprint"]).ShouldBe([oldName, name]);
    }

    [Fact]
    public async Task A_range_of_keys_must_not_be_reversed_and_has_no_second_page()
    {
        (await _client.CallAsync("ListPublicKeys", """{"StartTime":2,"EndTime":1}""")).Code.ShouldBe("InvalidTimeRangeException");
        (await _client.CallAsync("ListPublicKeys", """{"NextToken":"x"}""")).Code.ShouldBe("InvalidTokenException");
        (await _client.CallAsync("CreateTrail", "{}")).Code.ShouldBe("NotImplementedException");
        using RSA key = RSA.Create(2_048);
        Should.Throw<ArgumentException>(() => _emulator.CloudTrail.AddPublicKey(key, _clock.GetUtcNow(), _clock.GetUtcNow()));
    }

    [Theory]
    [InlineData("{")]
    [InlineData("[]")]
    [InlineData("""{"eventID":"e","eventName":"n","eventSource":"s"}""")]
    [InlineData("""{"eventID":"e","eventName":"n","eventSource":"s","eventTime":"noon"}""")]
    public void What_is_no_event_is_not_taken(string json) => Should.Throw<FormatException>(() => _emulator.CloudTrail.AddEvent(json));

    private void Add(string id, string time, string more = "") =>
        _emulator.CloudTrail.AddEvent($$"""{"eventID":"{{id}}","eventName":"UpdateThing","eventSource":"iot.amazonaws.com","eventTime":"{{time}}"{{more}}}""");

    private static string[] Ids(LogsAnswer answer) => [.. answer.Result["Events"]!.AsArray().Select(one => (string)one!["EventId"]!)];
}
