using IotOps.Emulator;
using IotOps.Samples.CommandLine;
using IotOps.Samples.Quickstart;

TimeSpan limit = TimeSpan.FromMinutes(5);
var program = new CommandLineProgram
{
    Name = "Quickstart",
    Summary = "What the packages do, on this machine: logs, a device shadow, Device Defender, a log export from Slack and a fleet, with AWS emulated in this process.",
    Commands = [new Command { Summary = "Runs all of it once; nothing leaves this machine, and nothing stays on it.", RunAsync = _ => RunAsync() }],
};
return await program.RunAsync(args);

async Task<int> RunAsync()
{
    using var signals = new ShutdownSignals();
    using var timeout = new CancellationTokenSource(limit, TimeProvider.System);
    using var stop = CancellationTokenSource.CreateLinkedTokenSource(signals.Requested, timeout.Token);
    try
    {
        return await TourAsync(stop.Token) ? 0 : 1;
    }
    catch (OperationCanceledException) when (stop.IsCancellationRequested)
    {
        await Console.Error.WriteLineAsync(signals.Requested.IsCancellationRequested ? "Quickstart: stopped" : $"Quickstart: not at its end after {limit.TotalMinutes} minutes");
        return 1;
    }
}

async Task<bool> TourAsync(CancellationToken cancellationToken)
{
    long started = TimeProvider.System.GetTimestamp();

    // This machine's own text logs, as a copy that stands still, and AWS in this process.
    using var work = new WorkDirectory();
    IReadOnlyList<SnapshotFile> files = LogSnapshot.Take("/var/log", work["logs"]);
    if (files.Count == 0)
    {
        Console.WriteLine("No text log can be read below /var/log; shipping what /proc tells about this machine instead.");
        files = LogSnapshot.Demo(work["logs"]);
    }

    await using AwsEmulator emulator = await AwsEmulator.StartAsync(new EmulatorOptions { FleetQuery = FleetTour.ReadQuery });
    Report.Start(files, emulator);
    bool[] right =
    [
        await LogTour.RunAsync(emulator, files, work["state"], cancellationToken),
        await ShadowTour.RunAsync(emulator, work["shadow"], cancellationToken),
        await DefenderTour.RunAsync(emulator, cancellationToken),
        await SlackTour.RunAsync(emulator, work["slack"], cancellationToken),
        await FleetTour.RunAsync(emulator, cancellationToken),
    ];
    bool isRight = Array.TrueForAll(right, one => one);
    Report.End(isRight, TimeProvider.System.GetElapsedTime(started));
    return isRight;
}
