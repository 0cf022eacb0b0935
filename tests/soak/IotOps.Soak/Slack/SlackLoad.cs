using IotOps.Emulator;
using IotOps.Samples.CommandLine;

namespace IotOps.Soak.Slack;

/// <summary>
/// Signed commands to the real <c>LogExport serve</c> at a fixed rate, whether it keeps up or not: a latency counts from the moment that
/// a request was due.
/// </summary>
internal sealed record SlackLoad
{
    private const string Bucket = "slack-load";

    private static readonly TimeSpan Allowed = TimeSpan.FromMilliseconds(50);

    public static IReadOnlyList<CommandOption> Options { get; } =
    [
        new("--rate", "N", "Requests a second; 500 by default."),
        new("--for", "TIME", "How long; 30s by default."),
        new("--warm-up", "TIME", "How long before that, at the same rate and not counted; 6s by default."),
        new("--core", "N", "The core that serve is bound to, by taskset; 1 by default. This program takes core 0."),
        new("--command", "TEXT", "What is asked, help by default; {0} stands for a number: \"THING{0} command 2023/10/01\" is stored and becomes a job each time, by two calls of AWS; by three in the first two minutes of a quarter of an hour."),
    ];

    public required int Rate { get; init; }

    public required TimeSpan Duration { get; init; }

    public required TimeSpan WarmUp { get; init; }

    public required int Core { get; init; }

    public required string Command { get; init; }

    public static SlackLoad Read(CommandArguments arguments) => new()
    {
        Rate = arguments.Integer("--rate", 1, 100_000) ?? 500,
        Duration = arguments.Duration("--for") ?? TimeSpan.FromSeconds(30),
        WarmUp = arguments.Duration("--warm-up") ?? TimeSpan.FromSeconds(6),
        Core = arguments.Integer("--core", 0, 1_023) ?? 1,
        Command = arguments["--command"] ?? "help",
    };

    /// <summary>Runs it; true when every request was answered as it should be and 99 % of them within 50 ms.</summary>
    public async Task<bool> RunAsync()
    {
        await using AwsEmulator aws = await AwsEmulator.StartAsync();
        aws.S3.CreateBucket(Bucket);
        aws.Batch.CreateJobQueue("slack");
        aws.Batch.RegisterJobDefinition(new BatchJobDefinition { Name = "iot-log-export", Run = (_, _) => Task.FromResult(0) });
        using ServeProcess serve = await ServeProcess.StartAsync(aws, Bucket, Core);
        using var load = new SlackRequests(serve.Address, aws, Command);
        if (WarmUp > TimeSpan.Zero)
        {
            await load.RunAsync(Rate, WarmUp);
        }

        TimeSpan before = serve.ProcessorTime;
        TimeSpan ownBefore = Environment.CpuUsage.TotalTime;
        SlackLatencies latencies = await load.RunAsync(Rate, Duration);
        TimeSpan used = serve.ProcessorTime - before;
        TimeSpan own = Environment.CpuUsage.TotalTime - ownBefore;
        Console.WriteLine(
            $"{latencies}; serve used {used / Duration:P0} of core {Core}, client and emulator {own / Duration:P0} of theirs, {aws.Batch.Jobs.Count} jobs are remembered");
        return latencies.Unanswered == 0 && latencies.Percentile(0.99) < Allowed;
    }
}
