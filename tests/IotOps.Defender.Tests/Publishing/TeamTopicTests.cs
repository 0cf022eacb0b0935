using IotOps.Mqtt;

namespace IotOps.Defender.Tests.Publishing;

/// <summary>Reports to a topic of the team's, where the broker's PUBACK is the answer.</summary>
public sealed class TeamTopicTests : IAsyncDisposable
{
    private const string Topic = "fleet/{thing}/defender";

    private readonly PublisherFixture _device = new();

    [Theory]
    [InlineData(DefenderFormat.Json, DefenderNames.LongNames)]
    [InlineData(DefenderFormat.Cbor, DefenderNames.ShortNames)]
    public async Task A_report_has_the_same_bytes_as_to_Device_Defender(DefenderFormat format, DefenderNames names)
    {
        await using var other = new PublisherFixture();
        await other.OpenConnectedAsync(options => options with { Format = format, Names = names });
        await _device.OpenConnectedAsync(options => options with { Format = format, Names = names, Topic = Topic });
        (string topic, byte[] payload) = _device.Connection.Published.ShouldHaveSingleItem();
        topic.ShouldBe("fleet/THING00001/defender");
        payload.ShouldBe(other.Connection.Published[0].Payload);
    }

    [Fact]
    public async Task A_PUBACK_accepts_a_report_and_nothing_is_subscribed_to()
    {
        await _device.OpenConnectedAsync(options => options with { Topic = Topic });
        await _device.AdvanceAsync(PublisherFixture.Interval);
        _device.Connection.Filters.ShouldBeEmpty();
        _device.Baselines.ShouldBe([1, 2]);
        _device.Accepted.ShouldBe(_device.Seen);
        _device.Statistics.Accepted.ShouldBe(2);
        _device.Statistics.Unanswered.ShouldBe(0);
    }

    [Fact]
    public async Task A_report_that_the_broker_refuses_moves_no_baseline_and_comes_again()
    {
        _device.Connection.PublishError = new MqttException("not authorized");
        await _device.OpenConnectedAsync(options => options with { Topic = Topic });
        _device.Baselines.ShouldBeEmpty();
        _device.Connection.PublishError = null;
        await _device.AdvanceAsync(TimeSpan.FromSeconds(2));
        _device.Baselines.ShouldBe([1]);
        _device.Connection.Published.Select(one => one.Topic).ShouldAllBe(topic => topic == "fleet/THING00001/defender");
    }

    [Theory]
    [InlineData("fleet/defender", "one of its levels is {thing}")]
    [InlineData("fleet/x-{thing}/defender", "one of its levels is {thing}")]
    [InlineData("{thing}/{thing}", "one of its levels is {thing}")]
    [InlineData("fleet/{thing}/#", "no + and no #")]
    [InlineData("$aws/things/{thing}/defender/metrics/json", "Basic Ingest")]
    [InlineData("$aws/rules/{thing}", "Basic Ingest")]
    [InlineData("1/2/3/4/5/6/7/8/{thing}", "9 levels")]
    public void A_topic_that_AWS_or_the_fleets_rule_would_not_take_is_refused(string topic, string why) =>
        Should.Throw<ArgumentException>(() => new DefenderPublisher(_device.Options() with { Topic = topic })).Message.ShouldContain(why);

    [Fact]
    public void A_topic_is_measured_with_the_things_name()
    {
        string topic = new string('x', 120) + "/{thing}";
        DefenderPublisherOptions.CheckTopic(topic, new string('t', 128));
        Should.Throw<ArgumentException>(() => DefenderPublisherOptions.CheckTopic(topic + "/12345678", new string('t', 128))).Message.ShouldContain("258 bytes");
        DefenderPublisherOptions.CheckTopic("$aws/rules/Reports/1/2/3/4/5/6/7/{thing}", "T");
    }

    public ValueTask DisposeAsync() => _device.DisposeAsync();
}
