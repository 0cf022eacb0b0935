using System.Text;
using System.Text.Json;
using IotOps.Aws;

namespace IotOps.Fleet.Tests.Timeline;

public sealed class IotLogSourceTests : IDisposable
{
    private static readonly DateTimeOffset Start = DateTimeOffset.Parse("2026-01-01T00:00:00Z");

    private readonly CloudStub _cloud = new(AwsService.CloudWatchLogs);

    public void Dispose() => _cloud.Dispose();

    [Fact]
    public async Task All_pages_come_out_and_pages_without_events_do_not_end_them()
    {
        Answer("t1", ("a", 0));
        Answer("t2");
        Answer(null, ("b", 5));

        (await ReadAsync(new IotLogSource(_cloud.Client, new IotLogSourceOptions { FilterPattern = "{ $.logLevel = \"ERROR\" }" }))).ShouldBe(["a", "b"]);

        JsonElement[] bodies = [.. _cloud.Requests.Select(request => JsonElement.Parse(request.Body))];
        bodies[0].GetProperty("logGroupName").GetString().ShouldBe("AWSIotLogsV2");
        bodies[0].GetProperty("startTime").GetInt64().ShouldBe(Start.ToUnixTimeMilliseconds());
        bodies[2].GetProperty("nextToken").GetString().ShouldBe("t2");
        bodies[2].GetProperty("filterPattern").GetString().ShouldBe("{ $.logLevel = \"ERROR\" }");
    }

    [Fact]
    public async Task After_a_checkpoint_what_was_read_is_passed_over_and_what_became_readable_late_comes_out()
    {
        Answer(null, ("old", 0), ("a", 600), ("b", 610));
        var first = new IotLogSource(_cloud.Client);
        await ReadAsync(first);
        IotLogCheckpoint checkpoint = IotLogCheckpoint.Parse(first.Checkpoint!.ToUtf8Json());

        Answer(null, ("a", 600), ("late", 605), ("b", 610), ("c", 620));
        var second = new IotLogSource(_cloud.Client, checkpoint: checkpoint);

        (await ReadAsync(second)).ShouldBe(["late", "c"]);
        JsonElement.Parse(_cloud.Requests[1].Body).GetProperty("startTime").GetInt64().ShouldBe(Start.AddSeconds(490).ToUnixTimeMilliseconds());
        checkpoint.EventIds.Order(StringComparer.Ordinal).ShouldBe(["a", "b"]);
        second.Checkpoint!.Time.ShouldBe(Start.AddSeconds(620));
    }

    [Fact]
    public async Task An_event_without_a_usable_time_comes_out_and_an_answer_that_is_none_is_told()
    {
        _cloud.Answer("""{"events":[{"eventId":"a","timestamp":"now","message":"a"},{"eventId":"b","message":7},null,{"eventId":"c","timestamp":1767225600000,"message":"c"}]}""");
        _cloud.Answer("[]");
        var source = new IotLogSource(_cloud.Client);

        (await ReadAsync(source)).ShouldBe(["a", "c"]);
        (await Should.ThrowAsync<AwsException>(() => ReadAsync(source))).Code.ShouldBe("UnreadableAnswer");
    }

    [Theory]
    [InlineData("")]
    [InlineData("{}")]
    [InlineData("""{"time":1e30,"eventIds":[]}""")]
    public void What_is_no_checkpoint_is_refused(string json) =>
        Should.Throw<FormatException>(() => IotLogCheckpoint.Parse(Encoding.UTF8.GetBytes(json))).Message.ShouldStartWith("This is no checkpoint of a log");

    private void Answer(string? token, params (string Id, int Seconds)[] events) => _cloud.Answer(
        $"{{{(token is null ? "" : $"\"nextToken\":\"{token}\",")}\"events\":[{string.Join(',', events.Select(one => $"{{\"eventId\":\"{one.Id}\",\"timestamp\":{Start.AddSeconds(one.Seconds).ToUnixTimeMilliseconds()},\"message\":\"{one.Id}\"}}"))}]}}");

    private static async Task<List<string>> ReadAsync(IotLogSource source) =>
        await source.ReadAsync(Start, Start.AddHours(1), TestContext.Current.CancellationToken).Select(line => Encoding.UTF8.GetString(line.Message.Span)).ToListAsync(TestContext.Current.CancellationToken);
}
