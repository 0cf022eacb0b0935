using IotOps.Emulator;
using IotOps.Samples.CommandLine;
using IotOps.Samples.EmulatorHost;

var program = new CommandLineProgram
{
    Name = "EmulatorHost",
    Summary = "AWS endpoints on this machine: CloudWatch Logs and S3.",
    Commands =
    [
        new Command
        {
            Summary = "Serve CloudWatch Logs and S3 on loopback until SIGTERM or Ctrl+C.",
            Options =
            [
                new("--port", "PORT", "HTTP port of every service; 4566 unless given, 0 takes a free one."),
                new("--data", "DIR", "Keep objects and log events there over restarts; in memory unless given."),
                new("--discard", null, "Check and count log events, but do not keep them: for benchmarks."),
                new("--json", null, "Print what to connect with as one JSON object."),
            ],
            RunAsync = RunAsync,
        },
    ],
};
return await program.RunAsync(args);

static async Task<int> RunAsync(CommandArguments arguments)
{
    using var signals = new ShutdownSignals();
    int port = arguments.Integer("--port", 0, 65_535) ?? 4_566;
    var options = new EmulatorOptions
    {
        Port = port,
        DataDirectory = arguments["--data"],
        DiscardLogEvents = arguments.Has("--discard"),
    };
    AwsEmulator emulator;
    try
    {
        emulator = await AwsEmulator.StartAsync(options);
    }
    catch (IOException e)
    {
        throw new UsageException($"cannot start on port {port}: {e.Message}");
    }

    await using (emulator)
    {
        await Console.Out.WriteLineAsync(arguments.Has("--json") ? ConnectionText.Json(emulator) : ConnectionText.Shell(emulator));
        try
        {
            await Task.Delay(Timeout.InfiniteTimeSpan, TimeProvider.System, signals.Requested);
        }
        catch (OperationCanceledException)
        {
            // The signal is how this program ends.
        }
    }

    return 0;
}
