using IotOps.Mqtt.Connecting;

namespace IotOps.Mqtt.Tests.Connecting;

/// <summary>How long to wait before the next attempt.</summary>
public sealed class ReconnectBackoffTests
{
    private static readonly MqttException Lost = new("lost") { IsTransient = true };
    private static readonly MqttException TakenOver = new("taken") { IsTransient = true, Reason = MqttReasonCode.SessionTakenOver };

    private double _jitter = 1;

    [Fact]
    public void The_limit_doubles_up_to_the_longest_delay()
    {
        ReconnectBackoff backoff = Create();

        Enumerable.Range(0, 10).Select(_ => backoff.AfterFailure(Lost, TimeSpan.Zero).TotalSeconds)
            .ShouldBe([1, 2, 4, 8, 16, 32, 64, 120, 120, 120]);
    }

    [Fact]
    public void The_dice_are_thrown_below_the_cap_so_that_a_fleet_at_the_cap_spreads_out()
    {
        ReconnectBackoff backoff = Create();
        for (int i = 0; i < 20; i++)
        {
            backoff.AfterFailure(Lost, TimeSpan.Zero);
        }

        foreach (double jitter in new[] { 0, 0.25, 0.5, 0.75 })
        {
            _jitter = jitter;
            backoff.AfterFailure(Lost, TimeSpan.Zero).ShouldBe(TimeSpan.FromSeconds(120 * jitter));
        }
    }

    [Fact]
    public void Half_a_minute_of_connection_starts_the_row_anew()
    {
        ReconnectBackoff backoff = Create();
        backoff.AfterFailure(Lost, TimeSpan.Zero);
        backoff.AfterFailure(Lost, TimeSpan.Zero);
        backoff.AfterConnection(Lost, byBroker: true, TimeSpan.FromSeconds(29), out _).ShouldBe(TimeSpan.FromSeconds(4));
        backoff.AfterConnection(Lost, byBroker: true, TimeSpan.FromSeconds(30), out _).ShouldBe(TimeSpan.FromSeconds(1));
    }

    [Fact]
    public void AWS_wants_a_second_between_two_attempts()
    {
        _jitter = 0;
        ReconnectBackoff backoff = Create(MqttLimits.AwsIotCore);

        backoff.AfterFailure(Lost, TimeSpan.FromSeconds(0.25)).ShouldBe(TimeSpan.FromSeconds(0.75));
        backoff.AfterFailure(Lost, TimeSpan.FromSeconds(20)).ShouldBe(TimeSpan.Zero);
    }

    [Fact]
    public void After_a_takeover_it_waits_minutes_and_longer_each_time()
    {
        ReconnectBackoff backoff = Create();

        Enumerable.Range(0, 8).Select(_ => Takeover(backoff)).ShouldBe([2, 4, 8, 16, 32, 60, 60, 60]);
        _jitter = 0;
        Takeover(backoff).ShouldBe(30);
        backoff.AfterConnection(TakenOver, byBroker: true, TimeSpan.FromHours(1), out _).ShouldBe(TimeSpan.FromMinutes(1));
    }

    [Fact]
    public void The_third_short_life_in_a_row_counts_as_a_takeover()
    {
        ReconnectBackoff backoff = Create();
        backoff.AfterConnection(Lost, byBroker: true, TimeSpan.FromSeconds(1), out bool first);
        backoff.AfterConnection(Lost, byBroker: true, TimeSpan.FromSeconds(1), out bool second);
        backoff.AfterConnection(Lost, byBroker: true, TimeSpan.FromSeconds(1), out bool third).ShouldBe(TimeSpan.FromMinutes(2));

        (first, second, third).ShouldBe((false, false, true));
    }

    [Fact]
    public void What_ends_here_or_lives_longer_is_no_takeover()
    {
        ReconnectBackoff backoff = Create();
        for (int i = 0; i < 10; i++)
        {
            backoff.AfterConnection(Lost, byBroker: false, TimeSpan.FromSeconds(1), out bool ours);
            backoff.AfterConnection(Lost, byBroker: true, TimeSpan.FromSeconds(6), out bool longer);
            (ours, longer).ShouldBe((false, false));
        }
    }

    private static double Takeover(ReconnectBackoff backoff)
    {
        TimeSpan delay = backoff.AfterConnection(TakenOver, byBroker: true, TimeSpan.FromSeconds(60), out bool takenOver);
        takenOver.ShouldBeTrue();
        return delay.TotalMinutes;
    }

    private ReconnectBackoff Create(MqttLimits? limits = null) =>
        new(new MqttConnectionOptions { ClientId = "x", Limits = limits ?? MqttLimits.None }, () => _jitter);
}
