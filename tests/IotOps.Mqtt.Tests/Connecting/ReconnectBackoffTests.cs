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
        backoff.AfterConnection(Lost, byBroker: true, TimeSpan.FromSeconds(29), SuspectsAtEnd.None, out _).ShouldBe(TimeSpan.FromSeconds(4));
        backoff.AfterConnection(Lost, byBroker: true, TimeSpan.FromSeconds(30), SuspectsAtEnd.None, out _).ShouldBe(TimeSpan.FromSeconds(1));
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

        Enumerable.Range(0, 8).Select(_ => AfterTakeover(backoff)).ShouldBe([2, 4, 8, 16, 32, 60, 60, 60]);
        _jitter = 0;
        AfterTakeover(backoff).ShouldBe(30);
        backoff.AfterConnection(TakenOver, byBroker: true, TimeSpan.FromHours(1), SuspectsAtEnd.None, out _).ShouldBe(TimeSpan.FromMinutes(1));
    }

    [Fact]
    public void The_third_short_life_in_a_row_with_nothing_in_flight_is_waited_out_like_a_takeover()
    {
        ReconnectBackoff backoff = Create();

        Enumerable.Range(0, 3).Select(_ => After(backoff, Lost, 1)).ShouldBe([Takeover.None, Takeover.None, Takeover.Suspected]);
    }

    [Fact]
    public void With_something_in_flight_that_is_suspected_first_and_a_takeover_after_eight_ends_without_a_culprit()
    {
        ReconnectBackoff backoff = Create();

        Enumerable.Range(0, 8).Select(_ => After(backoff, Lost, 1, SuspectsAtEnd.Some)).ShouldBe([.. Enumerable.Repeat(Takeover.None, 7), Takeover.Suspected]);
        Enumerable.Range(0, 20).Select(i => After(backoff, Lost, 1, i % 4 == 3 ? SuspectsAtEnd.OneFound : SuspectsAtEnd.Some)).ShouldAllBe(takeover => takeover == Takeover.None);
    }

    [Fact]
    public void What_ends_here_or_lives_longer_is_no_takeover()
    {
        ReconnectBackoff backoff = Create();
        for (int i = 0; i < 10; i++)
        {
            After(backoff, Lost, 1, byBroker: false).ShouldBe(Takeover.None);
            After(backoff, Lost, 6).ShouldBe(Takeover.None);
        }
    }

    private static double AfterTakeover(ReconnectBackoff backoff)
    {
        TimeSpan delay = backoff.AfterConnection(TakenOver, byBroker: true, TimeSpan.FromSeconds(60), SuspectsAtEnd.Some, out Takeover takenOver);
        takenOver.ShouldBe(Takeover.Told);
        return delay.TotalMinutes;
    }

    private static Takeover After(ReconnectBackoff backoff, MqttException error, int seconds, SuspectsAtEnd suspects = SuspectsAtEnd.None, bool byBroker = true)
    {
        backoff.AfterConnection(error, byBroker, TimeSpan.FromSeconds(seconds), suspects, out Takeover takenOver);
        return takenOver;
    }

    private ReconnectBackoff Create(MqttLimits? limits = null) =>
        new(new MqttConnectionOptions { ClientId = "x", Limits = limits ?? MqttLimits.None }, () => _jitter);
}
