using System.Text.Json;
using IotOps.Defender.Tests.Rules;
using IotOps.Mqtt;

namespace IotOps.Defender.Tests.Publishing;

public sealed class AlarmTests : IAsyncDisposable
{
    private const string Topic = "fleet/THING00001/alarms";

    private readonly PublisherFixture _device = new();
    private readonly List<ViolationEvent> _violations = [];

    [Fact]
    public async Task An_alarm_is_told_to_the_host_and_published_once()
    {
        await OpenAsync(connected: true);
        await NextAsync(); // 2 is one more than the rule allows
        await NextAsync();

        await PublishedAsync(1);
        Alarms().ShouldBe(["in-alarm"]);
        _violations.ShouldHaveSingleItem().Type.ShouldBe(ViolationEventType.InAlarm);
        (_device.Statistics.Violations, _device.Statistics.ViolationsDropped).ShouldBe((1, 0));
        _device.Reports.Count.ShouldBe(3, "reports go on meanwhile");
    }

    [Fact]
    public async Task Alarms_that_cannot_be_published_wait_and_come_in_their_order()
    {
        _device.Fill = static (report, count) => report.SetCustomMetric("count", CustomMetricValue.Number(count == 2 ? 2 : 1));
        await OpenAsync(connected: true);
        _device.Connection.PublishError = new MqttException("There is no connection.");
        await NextAsync();
        await NextAsync();
        _violations.Select(v => v.Type).ShouldBe([ViolationEventType.InAlarm, ViolationEventType.AlarmCleared]);

        _device.Connection.PublishError = null;
        while (!Alarms().Contains("alarm-cleared"))
        {
            await _device.AdvanceAsync(TimeSpan.FromSeconds(1));
        }

        Alarms().Distinct(StringComparer.Ordinal).ShouldBe(["in-alarm", "alarm-cleared"]);
    }

    [Fact]
    public async Task Without_a_network_rules_are_evaluated_all_the_same()
    {
        await OpenAsync(connected: false);
        await NextAsync();
        _violations.ShouldHaveSingleItem().Type.ShouldBe(ViolationEventType.InAlarm);
    }

    [Fact]
    public async Task Of_the_alarms_that_nobody_takes_the_oldest_go_and_are_counted()
    {
        _device.Fill = static (report, count) => report.SetCustomMetric("count", CustomMetricValue.Number(count % 2 == 0 ? 2 : 1));
        await OpenAsync(connected: true);
        _device.Connection.PublishError = new MqttException("There is no connection.");
        for (int i = 0; i < 150; i++)
        {
            await NextAsync();
        }

        _violations.Count.ShouldBe(150);
        _device.Statistics.ViolationsDropped.ShouldBe(50);
    }

    [Theory]
    [InlineData("")]
    [InlineData("fleet/#")]
    [InlineData("fleet/+/alarms")]
    public void A_topic_that_cannot_be_published_to_is_refused(string topic) =>
        Should.Throw<ArgumentException>(() => new DefenderPublisher(_device.Options() with { AlarmTopic = topic })).Message.ShouldContain("AlarmTopic");

    public ValueTask DisposeAsync() => _device.DisposeAsync();

    private Task NextAsync() => _device.AdvanceAsync(PublisherFixture.Interval);

    private Task OpenAsync(bool connected)
    {
        var rules = new RulesFixture("""{"name":"one","metric":"count","criteria":{"comparisonOperator":"less-than-equals","value":{"count":1}}}""");
        Func<DefenderPublisherOptions, DefenderPublisherOptions> change = options => options with { Evaluator = rules.Evaluator, AlarmTopic = Topic, OnViolation = _violations.Add };
        return connected ? _device.OpenConnectedAsync(change) : _device.OpenAsync(change);
    }

    private async Task PublishedAsync(int count)
    {
        while (Alarms().Count < count)
        {
            await _device.SettleAsync();
        }
    }

    private List<string> Alarms() =>
        [.. _device.Connection.Published.Where(p => p.Topic == Topic).Select(p => JsonDocument.Parse(p.Payload).RootElement.GetProperty("violationEventType").GetString()!)];
}
