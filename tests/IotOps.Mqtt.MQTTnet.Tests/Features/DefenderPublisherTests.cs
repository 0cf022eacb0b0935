using System.Threading.Channels;
using IotOps.Defender;
using IotOps.Emulator;

namespace IotOps.Mqtt.Tests.Features;

/// <summary>Device Defender's publisher over a team's own MQTTnet client, which redelivers nothing.</summary>
public sealed class DefenderPublisherTests : IAsyncLifetime
{
    private const string Thing = "THING00001";
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(30);

    private readonly Channel<long> _accepted = Channel.CreateUnbounded<long>();
    private AwsEmulator _aws = null!;
    private TeamClient _team = null!;
    private MqttNetConnection _connection = null!;

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task A_cut_between_the_publish_and_its_acknowledgement_loses_no_report(bool theServiceHasIt)
    {
        FaultHandle fault = _aws.Faults.Add(new Fault
        {
            Operation = "MqttPublish",
            When = static request => request.Topic == $"$aws/things/{Thing}/defender/metrics/json",
            Times = 1,
            DropBeforeAccepting = !theServiceHasIt,
            DropAfterAccepting = theServiceHasIt,
        });
        await using DefenderPublisher publisher = Open();
        long first = await NextAsync();
        long second = await NextAsync();

        fault.Hits.ShouldBe(1);
        _connection.State.Connections.ShouldBe(2);
        (await _aws.Defender.WaitForAsync(Thing, 2)).Where(report => report.ErrorCode is null).Select(report => report.ReportId).ShouldContain(first);
        second.ShouldBeGreaterThan(first);
        publisher.Statistics.Unanswered.ShouldBe(0);
    }

    public async ValueTask InitializeAsync()
    {
        _aws = await AwsEmulator.StartAsync(new EmulatorOptions { Defender = new EmulatedDefenderOptions { MinReportInterval = TimeSpan.Zero } });
        _team = new TeamClient(_aws.Mqtt.Port, Thing);
        _connection = new MqttNetConnection(_team.Client);
        await _team.ConnectAsync();
    }

    public async ValueTask DisposeAsync()
    {
        await _connection.DisposeAsync();
        await _team.DisposeAsync();
        await _aws.DisposeAsync();
    }

    private DefenderPublisher Open()
    {
        var publisher = new DefenderPublisher(new DefenderPublisherOptions
        {
            Connection = _connection,
            ThingName = Thing,
            Interval = TimeSpan.FromMilliseconds(500),
            AllowShortInterval = true,
            Jitter = TimeSpan.Zero,
            Collect = static report =>
            {
                report.NetworkStats = new NetworkStats(1, 2, 3, 4);
                return null;
            },
            OnAccepted = id => _accepted.Writer.TryWrite(id),
        });
        publisher.Start();
        return publisher;
    }

    private async Task<long> NextAsync() => await _accepted.Reader.ReadAsync().AsTask().WaitAsync(Patience, TimeProvider.System);
}
