using IotOps.Mqtt;

namespace IotOps.Defender.Tests.Publishing;

public sealed class OfflineTests : IAsyncDisposable
{
    private readonly PublisherFixture _device = new();

    [Fact]
    public async Task Offline_the_newest_report_alone_waits_and_goes_out_with_the_connection()
    {
        await _device.OpenAsync();
        for (int i = 0; i < 4; i++)
        {
            await _device.AdvanceAsync(PublisherFixture.Interval);
        }

        _device.Connection.Published.ShouldBeEmpty();
        _device.Statistics.Built.ShouldBe(5);
        _device.Statistics.Superseded.ShouldBe(4);
        _device.Connection.Connect();
        await _device.SettleAsync();
        _device.Counts.ShouldBe([5]);
        _device.Baselines.ShouldBe([5]);
    }

    [Fact]
    public async Task Offline_reports_are_still_made_for_rules_on_the_device()
    {
        await _device.OpenAsync();
        await _device.AdvanceAsync(PublisherFixture.Interval);

        _device.Seen.Count.ShouldBe(2);
    }

    [Fact]
    public async Task After_a_report_that_waited_the_next_one_comes_a_whole_interval_later()
    {
        await _device.OpenAsync();
        await _device.AdvanceAsync(TimeSpan.FromSeconds(290));
        _device.Connection.Connect();
        await _device.SettleAsync();
        _device.Counts.ShouldBe([1]);

        await _device.AdvanceAsync(TimeSpan.FromSeconds(299));
        _device.Connection.Published.Count.ShouldBe(1);
        await _device.AdvanceAsync(TimeSpan.FromSeconds(1));
        _device.Counts.ShouldBe([1, 2]);
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task A_publication_that_failed_is_tried_again(bool isMqtt)
    {
        _device.Connection.PublishError = isMqtt ? new MqttException("The link was lost.") { IsTransient = true } : new InvalidOperationException("An adapter's own.");
        await _device.OpenConnectedAsync();
        _device.Statistics.Published.ShouldBe(1);

        _device.Connection.PublishError = null;
        await _device.AdvanceAsync(TimeSpan.FromSeconds(1));
        _device.Counts.ShouldBe([1, 1]);
        _device.Statistics.Accepted.ShouldBe(1);
    }

    [Fact]
    public async Task A_publication_that_keeps_failing_gives_way_to_a_newer_report()
    {
        _device.Connection.PublishError = new MqttException("No.");
        await _device.OpenConnectedAsync();
        for (int i = 0; i < 12; i++)
        {
            await _device.AdvanceAsync(TimeSpan.FromSeconds(60));
        }

        _device.Connection.PublishError = null;
        for (int i = 0; i < 5; i++)
        {
            await _device.AdvanceAsync(TimeSpan.FromSeconds(60));
        }

        _device.Statistics.Accepted.ShouldBe(1);
        _device.Baselines.ShouldHaveSingleItem().ShouldBeGreaterThanOrEqualTo(3);
    }

    [Fact]
    public async Task A_refused_subscription_is_asked_for_again_and_nothing_is_sent_before()
    {
        _device.Connection.SubscribeError = new MqttException("Not authorized.");
        await _device.OpenConnectedAsync();
        _device.Connection.Published.ShouldBeEmpty();

        _device.Connection.SubscribeError = null;
        await _device.AdvanceAsync(TimeSpan.FromSeconds(2));
        _device.Counts.ShouldBe([1]);
    }

    public ValueTask DisposeAsync() => _device.DisposeAsync();
}
