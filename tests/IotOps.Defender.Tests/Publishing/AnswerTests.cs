using IotOps.Defender.Publishing;

namespace IotOps.Defender.Tests.Publishing;

public sealed class AnswerTests : IAsyncDisposable
{
    private const string AcceptedTopic = PublisherFixture.Json + "/accepted";
    private const string RejectedTopic = PublisherFixture.Json + "/rejected";

    private readonly PublisherFixture _device = new();

    [Fact]
    public async Task The_baseline_moves_when_the_report_was_accepted_and_not_before()
    {
        _device.Service = static _ => null;
        await _device.OpenConnectedAsync();
        _device.Baselines.ShouldBeEmpty();

        await _device.SayAsync(AcceptedTopic, PublisherFixture.Accept(_device.Reports[0]));
        _device.Baselines.ShouldBe([1]);
        _device.Accepted.ShouldBe([_device.Reports[0].ReportId]);
    }

    [Theory]
    [InlineData("""{"thingName":"t","1696161600":"x","status":"ACCEPTED","timestamp":1}""")]
    [InlineData("""{"thingName":"t","reportId":"1696161600","status":"ACCEPTED"}""")]
    [InlineData("""{"reportId":1696161600}""")]
    [InlineData("""{"thingName":"t","status":"ACCEPTED"}""")]
    [InlineData("""{"thingName":"t","reportId":null,"status":"ACCEPTED"}""")]
    public async Task An_acceptance_says_its_id_in_several_ways_or_not_at_all(string answer)
    {
        _device.Service = static _ => null;
        await _device.OpenConnectedAsync();
        _device.Reports[0].ReportId.ShouldBe(1_696_161_600);

        await _device.SayAsync(AcceptedTopic, answer);
        _device.Baselines.ShouldBe([1]);
    }

    [Fact]
    public async Task An_acceptance_of_another_report_is_not_taken_for_this_one()
    {
        _device.Service = static _ => null;
        await _device.OpenConnectedAsync();
        await _device.SayAsync(AcceptedTopic, """{"reportId":5,"status":"ACCEPTED"}""");

        _device.Statistics.Accepted.ShouldBe(0);
        _device.Baselines.ShouldBeEmpty();
    }

    [Fact]
    public async Task A_rejection_names_no_report_and_means_the_one_under_way()
    {
        _device.Service = static _ => PublisherFixture.Reject("InvalidPayload");
        await _device.OpenConnectedAsync();

        _device.Rejections.ShouldBe([new DefenderRejection(_device.Reports[0].ReportId, "InvalidPayload", "because", IsThrottled: false)]);
        _device.Baselines.ShouldBeEmpty();
        await _device.AdvanceAsync(PublisherFixture.Interval);
        _device.Connection.Published.Count.ShouldBe(2);
        _device.Statistics.Rejected.ShouldBe(2);
    }

    [Fact]
    public async Task Without_an_answer_what_became_of_a_report_is_not_known_and_the_next_one_comes_all_the_same()
    {
        _device.Service = static _ => null;
        await _device.OpenConnectedAsync();
        await _device.AdvanceAsync(TimeSpan.FromSeconds(30));
        _device.Statistics.Unanswered.ShouldBe(1);
        _device.Baselines.ShouldBeEmpty();

        await _device.AdvanceAsync(PublisherFixture.Interval);
        _device.Connection.Published.Count.ShouldBe(2);
    }

    [Fact]
    public async Task A_late_acceptance_still_moves_the_baseline()
    {
        _device.Service = static _ => null;
        await _device.OpenConnectedAsync();
        await _device.AdvanceAsync(TimeSpan.FromSeconds(30));
        await _device.SayAsync(AcceptedTopic, PublisherFixture.Accept(_device.Reports[0]));
        _device.Baselines.ShouldBe([1]);

        // Also when the next report is already out: that one is still waited for.
        await _device.AdvanceAsync(PublisherFixture.Interval);
        await _device.AdvanceAsync(TimeSpan.FromSeconds(30));
        await _device.AdvanceAsync(PublisherFixture.Interval);
        _device.Reports.Count.ShouldBe(3);
        await _device.SayAsync(AcceptedTopic, PublisherFixture.Accept(_device.Reports[1]));
        await _device.SayAsync(AcceptedTopic, PublisherFixture.Accept(_device.Reports[2]));
        _device.Baselines.ShouldBe([1, 2, 3]);
    }

    [Fact]
    public async Task A_repeated_answer_counts_once()
    {
        await _device.OpenConnectedAsync();
        await _device.SayAsync(AcceptedTopic, PublisherFixture.Accept(_device.Reports[0]));
        await _device.SayAsync(RejectedTopic, PublisherFixture.Reject("InvalidPayload"));

        _device.Statistics.Accepted.ShouldBe(1);
        _device.Statistics.Rejected.ShouldBe(0);
        _device.Baselines.ShouldBe([1]);
    }

    [Theory]
    [InlineData("")]
    [InlineData("[]")]
    [InlineData("{")]
    [InlineData("""{"statusDetails":7}""")]
    [InlineData("""{"statusDetails":{"ErrorCode":7}}""")]
    [InlineData("""{} {}""")]
    public async Task An_answer_that_cannot_be_read_is_counted_and_ignored(string answer)
    {
        _device.Service = static _ => null;
        await _device.OpenConnectedAsync();
        await _device.SayAsync(RejectedTopic, answer);
        _device.Statistics.Malformed.ShouldBe(1);

        await _device.SayAsync(AcceptedTopic, PublisherFixture.Accept(_device.Reports[0]));
        _device.Statistics.Accepted.ShouldBe(1);
    }

    [Theory]
    [InlineData("a26974696d657374616d70016872" + "65706f727449641a6553f100", 1_700_000_000L, "")]
    [InlineData("bf687265706f727449641a6553f100ff", 1_700_000_000L, "")]
    [InlineData("a11a6553f10000", 1_700_000_000L, "")]
    [InlineData("a16a3137303030303030303000", 1_700_000_000L, "")]
    [InlineData("bf6d73746174757344657461696c73bf694572726f72436f6465695468726f74746c6564ffff", null, "Throttled")]
    public void A_cbor_answer_is_read_with_and_without_lengths(string hex, long? id, string code)
    {
        var reply = DefenderReply.Read(Convert.FromHexString(hex), DefenderFormat.Cbor, isAccepted: id is not null);

        reply.ReportId.ShouldBe(id);
        reply.Code.ShouldBe(code);
        reply.IsThrottled.ShouldBe(code.Length > 0);
    }

    public ValueTask DisposeAsync() => _device.DisposeAsync();
}
