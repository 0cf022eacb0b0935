using System.Threading.Channels;
using IotOps.Emulator;
using IotOps.Mqtt;
using IotOps.TestKit;

namespace IotOps.Defender.Tests.Publishing;

/// <summary>The publisher over the real client over the emulator's broker and Device Defender.</summary>
public sealed class EmulatorTests : IAsyncLifetime
{
    private const string Thing = "THING00001";
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(30);

    private readonly Channel<string> _outcomes = Channel.CreateUnbounded<string>();
    private AwsEmulator _aws = null!;
    private MqttConnection _connection = null!;

    [Theory]
    [InlineData(DefenderFormat.Json, DefenderNames.LongNames)]
    [InlineData(DefenderFormat.Json, DefenderNames.ShortNames)]
    [InlineData(DefenderFormat.Cbor, DefenderNames.LongNames)]
    [InlineData(DefenderFormat.Cbor, DefenderNames.ShortNames)]
    public async Task A_report_is_accepted_in_each_format_and_naming(DefenderFormat format, DefenderNames names)
    {
        await StartAsync(shortest: TimeSpan.Zero);
        await using DefenderPublisher publisher = Open(options => options with { Format = format, Names = names });

        (await NextAsync()).ShouldBe("accepted");
        ReceivedDefenderReport received = _aws.Defender.Reports[0];
        received.ErrorCode.ShouldBeNull();
        DefenderReport report = DefenderReport.Parse(received.Payload.Span, format);
        report.ReportId.ShouldBe(received.ReportId!.Value);
        report.TcpConnections!.Items.ShouldHaveSingleItem().RemoteAddress.ShouldBe(InternetAddress.Parse("2001:db8::1"));
        report.CustomMetrics["cpu_usage"].Numbers.ShouldBe([26.1]);
    }

    [Theory]
    [InlineData(DefenderFormat.Json)]
    [InlineData(DefenderFormat.Cbor)]
    public async Task What_comes_too_soon_is_throttled_and_accepted_later(DefenderFormat format)
    {
        var cloud = new ManualTimeProvider();
        await StartAsync(shortest: TimeSpan.FromSeconds(5), cloud);
        await using DefenderPublisher publisher = Open(options => options with { Format = format });

        (await NextAsync()).ShouldBe("accepted");
        (await NextAsync()).ShouldBe("Throttled");
        cloud.Advance(TimeSpan.FromSeconds(5));
        string next = await NextAsync();
        while (next == "Throttled")
        {
            next = await NextAsync();
        }

        next.ShouldBe("accepted");
        publisher.Statistics.Throttled.ShouldBeGreaterThanOrEqualTo(1);
    }

    [Fact]
    public async Task A_report_that_the_service_rejects_is_told_and_the_next_one_is_accepted()
    {
        await StartAsync(shortest: TimeSpan.Zero);
        _aws.Faults.Add(new Fault { Operation = "DefenderReport", Times = 1, Status = 400, Code = "InvalidPayload" });
        await using DefenderPublisher publisher = Open();

        (await NextAsync()).ShouldBe("InvalidPayload");
        (await NextAsync()).ShouldBe("accepted");
    }

    [Fact]
    public async Task A_lost_answer_is_not_waited_for_longer_than_its_time()
    {
        await StartAsync(shortest: TimeSpan.Zero);
        _aws.Faults.Add(new Fault { Operation = "DefenderReport", Times = 1, NoAnswer = true });
        await using DefenderPublisher publisher = Open(static options => options with { ReplyTimeout = TimeSpan.FromMilliseconds(200) });

        (await NextAsync()).ShouldBe("accepted");
        publisher.Statistics.Unanswered.ShouldBe(1);
        _aws.Defender.Reports.Count.ShouldBeGreaterThanOrEqualTo(2);
    }

    [Fact]
    public async Task After_a_restart_of_the_broker_reports_go_on()
    {
        await StartAsync(shortest: TimeSpan.Zero);
        await using DefenderPublisher publisher = Open(static options => options with { ReplyTimeout = TimeSpan.FromMilliseconds(500) });
        (await NextAsync()).ShouldBe("accepted");
        _aws.Mqtt.StopListening();
        MqttConnectionState state = _connection.State;
        while (state.Status == MqttConnectionStatus.Connected)
        {
            state = await _connection.WaitForChangeAsync(state).AsTask().WaitAsync(Patience, TimeProvider.System);
        }

        // Cut, so that nothing of before can come through late.
        while (_outcomes.Reader.TryRead(out _))
        {
        }

        _aws.Mqtt.StartListening();
        (await NextAsync()).ShouldBe("accepted");
    }

    [Theory]
    [InlineData(DefenderFormat.Json)]
    [InlineData(DefenderFormat.Cbor)]
    public async Task A_report_to_a_topic_of_the_teams_is_accepted_by_the_broker(DefenderFormat format)
    {
        await StartAsync(shortest: TimeSpan.Zero);
        await using IMqttSubscription team = await _connection.SubscribeAsync(["fleet/+/defender"]);
        await using DefenderPublisher publisher = Open(options => options with { Format = format, Topic = "fleet/{thing}/defender" });

        (await NextAsync()).ShouldBe("accepted");
        using MqttReceivedMessage received = await team.Messages.ReadAsync().AsTask().WaitAsync(Patience, TimeProvider.System);
        received.Topic.ShouldBe($"fleet/{Thing}/defender");
        DefenderReport.Parse(received.Payload.Span, format).NetworkStats.ShouldBe(new NetworkStats(1, 2, 3, 4));
        _aws.Defender.Reports.ShouldBeEmpty();
    }

    private DefenderPublisher Open(Func<DefenderPublisherOptions, DefenderPublisherOptions>? change = null)
    {
        var options = new DefenderPublisherOptions
        {
            Connection = _connection,
            ThingName = Thing,
            Interval = TimeSpan.FromMilliseconds(50),
            AllowShortInterval = true,
            Jitter = TimeSpan.Zero,
            Collect = report =>
            {
                report.NetworkStats = new NetworkStats(1, 2, 3, 4);
                report.TcpConnections.Add(new EstablishedConnection(InternetAddress.Parse("2001:db8::1"), 443, 50_000, "eth0"));
                report.ListeningTcpPorts.Add(new ListeningPort(22, "eth0"));
                report.ListeningUdpPorts.Present();
                report.SetCustomMetric("cpu_usage", CustomMetricValue.Number(26.1));
                return () => _outcomes.Writer.TryWrite("accepted");
            },
            OnRejected = rejection => _outcomes.Writer.TryWrite(rejection.Code),
        };
        var publisher = new DefenderPublisher(change is null ? options : change(options));
        publisher.Start();
        return publisher;
    }

    private async Task<string> NextAsync() => await _outcomes.Reader.ReadAsync().AsTask().WaitAsync(Patience, TimeProvider.System);

    private async Task StartAsync(TimeSpan shortest, TimeProvider? cloud = null)
    {
        _aws = await AwsEmulator.StartAsync(new EmulatorOptions { TimeProvider = cloud ?? TimeProvider.System, Defender = new EmulatedDefenderOptions { MinReportInterval = shortest } });
        _connection = new MqttConnection(new MqttConnectionOptions
        {
            Host = "127.0.0.1",
            Port = _aws.Mqtt.Port,
            Tls = null,
            ClientId = Thing,
            MinReconnectDelay = TimeSpan.FromMilliseconds(20),
            MaxReconnectDelay = TimeSpan.FromMilliseconds(200),
        });
        await _connection.ConnectAsync().WaitAsync(Patience, TimeProvider.System);
    }

    public ValueTask InitializeAsync() => ValueTask.CompletedTask;

    public async ValueTask DisposeAsync()
    {
        await _connection.DisposeAsync();
        await _aws.DisposeAsync();
    }
}
