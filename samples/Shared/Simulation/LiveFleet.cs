namespace IotOps.Samples.Simulation;

/// <summary>
/// A simulation on a broker: devices connect, are cut off, publish telemetry and report to Device Defender, in the time of a clock. The broker says
/// for itself who is connected; refused attempts and IoT logs are the cloud's and not said here.
/// </summary>
/// <param name="link">The way to the broker.</param>
/// <param name="timeProvider">The clock.</param>
public sealed class LiveFleet(ISimulatedLink link, TimeProvider timeProvider)
{
    /// <summary>Connections that the broker let in.</summary>
    public long Connections { get; private set; }

    /// <summary>Messages that the broker has.</summary>
    public long Published { get; private set; }

    /// <summary>What failed; the device continues with the next message.</summary>
    public long Failed { get; private set; }

    /// <summary>Why the first one failed.</summary>
    public string? FirstFailure { get; private set; }

    /// <summary>The longest that anything came behind its time.</summary>
    public TimeSpan Behind { get; private set; }

    /// <summary>Runs a simulation to its end.</summary>
    /// <param name="simulation">The simulation; it runs once.</param>
    /// <param name="speed">Simulated seconds a second, above 0.</param>
    /// <param name="told">Told the time that was reached, after each message.</param>
    /// <param name="cancellationToken">Ends it; devices stay as they are.</param>
    public async Task RunAsync(FleetSimulation simulation, double speed = 1, Action<DateTimeOffset>? told = null, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(simulation);
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(speed);
        long begin = timeProvider.GetTimestamp();
        foreach (SimulatedMessage message in simulation.Run())
        {
            if (message.Kind is SimulatedMessageKind.Log or SimulatedMessageKind.ConnectFailed)
            {
                continue;
            }

            TimeSpan wait = ((message.Time - simulation.Start) / speed) - timeProvider.GetElapsedTime(begin);
            if (wait > TimeSpan.Zero)
            {
                // Delays count whole milliseconds, downwards.
                await Task.Delay(TimeSpan.FromMilliseconds(Math.Ceiling(wait.TotalMilliseconds)), timeProvider, cancellationToken);
            }
            else if (-wait > Behind)
            {
                Behind = -wait;
            }

            await DoAsync(message, cancellationToken);
            told?.Invoke(message.Time);
        }
    }

    private async Task DoAsync(SimulatedMessage message, CancellationToken cancellationToken)
    {
        try
        {
            switch (message.Kind)
            {
                case SimulatedMessageKind.Connected:
                    await link.ConnectAsync(message.Device, message.Principal!, cancellationToken);
                    Connections++;
                    break;
                case SimulatedMessageKind.Disconnected:
                    await link.DisconnectAsync(message.Device, message.IsCut);
                    break;
                default:
                    await link.PublishAsync(message.Device, message.Topic, message.Payload, cancellationToken);
                    Published++;
                    break;
            }
        }
        catch (Exception e) when (e is not OperationCanceledException || !cancellationToken.IsCancellationRequested)
        {
            Failed++;
            FirstFailure ??= $"{message.Device}: {e.Message}";
        }
    }
}
