using System.Text;
using System.Text.Json;

namespace IotOps.Fleet.Tests.Timeline;

public sealed class TimelineVectorTests
{
    public static TheoryData<string> Entries => Vectors.Ids("fleet/entries.jsonl");

    public static TheoryData<string> Cases => Vectors.Ids("fleet/cases.jsonl");

    public static TheoryData<string> Texts => Vectors.Ids("fleet/masks.jsonl");

    public static TheoryData<string> Times => Vectors.Ids("fleet/buckets.jsonl");

    [Theory]
    [MemberData(nameof(Entries))]
    public void Each_entry_says_what_it_should(string id)
    {
        JsonElement one = Vectors.Case("fleet/entries.jsonl", id);
        JsonElement expect = one.GetProperty("expect");

        IotLogEntry entry = new IotLogReader().Read(Encoding.UTF8.GetBytes(one.GetProperty("log").GetRawText()));

        (entry.Time?.ToUnixTimeMilliseconds()).ShouldBe(expect.GetProperty("epochMs") is { ValueKind: JsonValueKind.Number } time ? time.GetInt64() : null);
        entry.IsError.ShouldBe(expect.GetProperty("error").GetBoolean());
        entry.EventType.ShouldBe(expect.GetProperty("eventType").GetString());
        entry.ClientId.ShouldBe(expect.GetProperty("client").GetString());
        entry.Reason.ShouldBe(expect.GetProperty("reason").GetString());
    }

    [Theory]
    [MemberData(nameof(Cases))]
    public void Lines_are_grouped_as_Drain_groups_them(string id)
    {
        JsonElement one = Vectors.Case("fleet/cases.jsonl", id);
        JsonElement parameters = one.GetProperty("parameters");
        var templates = new LogTemplates(new LogTemplatesOptions
        {
            Similarity = parameters.GetProperty("similarity").GetDouble(),
            Depth = parameters.GetProperty("depth").GetInt32(),
            Children = parameters.GetProperty("children").GetInt32(),
            MaxTemplates = parameters.GetProperty("clusters") is { ValueKind: JsonValueKind.Number } most ? most.GetInt32() : null,
        });

        one.GetProperty("lines").EnumerateArray().Select(line => templates.Add(line.GetString()!)).ToArray()
            .ShouldBe(one.GetProperty("cluster").EnumerateArray().Select(number => number.GetInt32()));
        templates.Templates.ShouldBe(
            one.GetProperty("templates").EnumerateObject().ToDictionary(template => int.Parse(template.Name), template => template.Value.GetString()!), ignoreOrder: true);
    }

    [Theory]
    [MemberData(nameof(Texts))]
    public void What_means_nothing_is_masked(string id)
    {
        JsonElement one = Vectors.Case("fleet/masks.jsonl", id);

        LogTemplates.Mask(one.GetProperty("in").GetString()!).ShouldBe(one.GetProperty("out").GetString());
    }

    [Theory]
    [MemberData(nameof(Times))]
    public void A_bucket_begins_at_a_whole_multiple_of_its_length(string id)
    {
        JsonElement one = Vectors.Case("fleet/buckets.jsonl", id);

        ErrorTimeline.BucketOf(DateTimeOffset.FromUnixTimeMilliseconds(one.GetProperty("epochMs").GetInt64()), TimeSpan.FromMinutes(one.GetProperty("minutes").GetInt32()))
            .ToUnixTimeMilliseconds().ShouldBe(one.GetProperty("bucketMs").GetInt64());
    }
}
