using IotOps.Defender;
using IotOps.Emulator;
using IotOps.Mqtt;

namespace IotOps.Samples.Quickstart;

/// <summary>What Device Defender gets to know about this machine, and a rule that this machine holds itself to.</summary>
internal static class DefenderTour
{
    private const string Thing = "quickstart";
    private const int Datapoints = 5;

    private static readonly TimeSpan Sample = TimeSpan.FromMilliseconds(200);

    /// <summary>Runs it; true when the report was accepted.</summary>
    public static async Task<bool> RunAsync(AwsEmulator emulator, CancellationToken cancellationToken)
    {
        await using var connection = new MqttConnection(new MqttConnectionOptions
        {
            Host = "127.0.0.1",
            Port = emulator.Mqtt.Port,
            Tls = null, // AWS itself wants TLS with the device's certificate
            ClientId = Thing,
        });
        var collector = new MetricsCollector(new MetricsCollectorOptions { BuiltIn = BuiltInMetrics.Names });
        await using var publisher = new DefenderPublisher(new DefenderPublisherOptions
        {
            Connection = connection,
            ThingName = Thing,
            Collector = collector,
            Format = DefenderFormat.Cbor,
            Names = DefenderNames.ShortNames,
            Jitter = TimeSpan.Zero, // a fleet spreads its reports; this is one device
        });
        publisher.Start();
        await connection.ConnectAsync(cancellationToken);
        bool accepted = Show((await emulator.Defender.WaitForAsync(Thing, 1, cancellationToken))[0]);
        await HoldToRuleAsync(collector, cancellationToken);
        return accepted;
    }

    private static bool Show(ReceivedDefenderReport received)
    {
        DefenderReport report = DefenderReport.Parse(received.Payload.Span, DefenderFormat.Cbor);
        Console.WriteLine(
            $"Device Defender: a report of {received.Payload.Length:N0} bytes {(received.ErrorCode is null ? "accepted" : $"REJECTED ({received.ErrorCode})")}: "
            + $"{report.TcpConnections?.Total ?? 0} connections, listening on {report.ListeningTcpPorts?.Total ?? 0} TCP and {report.ListeningUdpPorts?.Total ?? 0} UDP ports, "
            + $"{string.Join(", ", report.CustomMetrics.Select(m => $"{m.Key} {m.Value.Numbers[0]}"))}.");
        return received.ErrorCode is null;
    }

    // The rule of AWS' own example. In AWS criteria say what is normal; this one says what is not, so it names that side.
    private static async Task HoldToRuleAsync(MetricsCollector collector, CancellationToken cancellationToken)
    {
        var rules = new SecurityProfileEvaluator(new SecurityProfileEvaluatorOptions
        {
            ThingName = Thing,
            Profile = new SecurityProfile
            {
                Name = "CpuUsageIssue",
                Behaviors =
                [
                    Behavior.Parse(
                        """
                        { "name": "great-than-75", "metric": "cpu_usage", "alarmWhen": "criteria-met",
                          "criteria": { "comparisonOperator": "greater-than", "value": { "count": 75 }, "consecutiveDatapointsToAlarm": 5, "consecutiveDatapointsToClear": 1 } }
                        """u8.ToArray()),
                ],
            },
        });

        using var busy = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        Task[] burners = [.. Enumerable.Range(0, Environment.ProcessorCount).Select(_ => Task.Factory.StartNew(
            () => Burn(busy.Token), CancellationToken.None, TaskCreationOptions.LongRunning, TaskScheduler.Default))];
        var builder = new DefenderReportBuilder();
        collector.Collect(builder); // processor usage counts from one sample to the next
        List<double> usage = [];
        ViolationEvent? alarm = null;
        for (int i = 1; i <= Datapoints; i++)
        {
            await Task.Delay(Sample, TimeProvider.System, cancellationToken);
            collector.Collect(builder);
            DefenderReport report = builder.Build(i);
            usage.Add(report.CustomMetrics.TryGetValue(BuiltInMetrics.CpuUsage, out CustomMetricValue? value) ? value.Numbers[0] : 0);
            alarm = rules.Evaluate(report) is [var raised, ..] ? raised : alarm;
        }

        await busy.CancelAsync();
        await Task.WhenAll(burners);
        Console.WriteLine(
            $"Local rule cpu_usage greater-than 75 for {Datapoints} datapoints, all processors kept busy: {string.Join(", ", usage.Select(u => $"{u:N0} %"))}: "
            + $"{(alarm is null ? "no alarm" : "in-alarm")}.");
    }

    private static void Burn(CancellationToken stop)
    {
        while (!stop.IsCancellationRequested)
        {
            Thread.SpinWait(10_000);
        }
    }
}
