using IotOps.Aws;
using IotOps.Fleet;
using IotOps.Samples.CommandLine;
using IotOps.Samples.FleetTool.Lines;
using IotOps.Samples.FleetTool.Trail;
using IotOps.Samples.Lines;

namespace IotOps.Samples.FleetTool.Logs;

/// <summary>Where the log lines of a command come from.</summary>
internal static class LogLines
{
    /// <summary>The options that choose lines.</summary>
    public static IReadOnlyList<CommandOption> Options { get; } =
    [
        LineSource.Option("Log lines, plain or gzip"),
        new("--group", "NAME", "A log group of CloudWatch Logs instead, such as AWSIotLogsV2; needs --since, or --checkpoint with a file."),
        new("--since", "TIME", "With --group: from there on; 2h is two hours ago."),
        new("--until", "TIME", "With --group: up to there; now unless given."),
        new("--filter", "PATTERN", "With --group: a filter pattern of CloudWatch Logs."),
        new("--checkpoint", "FILE", "With --group: go on where the last run ended, and note where this one does."),
        FleetClients.RegionOption,
    ];

    /// <summary>Hands each line on.</summary>
    /// <returns>The exit code: 1 when something could not be read.</returns>
    public static async Task<int> ReadAsync(CommandArguments arguments, Action<ReadOnlyMemory<byte>, DateTimeOffset?> take)
    {
        if (arguments["--group"] is { } group)
        {
            return await ReadGroupAsync(arguments, group, take);
        }

        await using LogFile file = LogFile.Open(arguments["PATH"]);
        try
        {
            return await ReadAsync(file.Plain, take) ? 0 : 1;
        }
        catch (InvalidDataException e)
        {
            await Console.Error.WriteLineAsync($"FleetTool: {arguments["PATH"]}: {e.Message} The lines before are taken.");
            return 1;
        }
    }

    private static async Task<bool> ReadAsync(Stream input, Action<ReadOnlyMemory<byte>, DateTimeOffset?> take)
    {
        bool isGood = true;
        using var lines = new LineReader(input, LineReader.MaxBytes);
        using var progress = new LineProgress(TimeProvider.System);
        while (await lines.NextAsync(CancellationToken.None))
        {
            progress.Add(lines.Line.Length);
            if (lines.IsTooLong)
            {
                isGood = false;
                await Console.Error.WriteLineAsync($"FleetTool: line {lines.Number}: longer than {lines.LimitBytes} bytes");
            }
            else if (!lines.IsBlank)
            {
                take(lines.Line, null);
            }
        }

        return isGood;
    }

    private static async Task<int> ReadGroupAsync(CommandArguments arguments, string group, Action<ReadOnlyMemory<byte>, DateTimeOffset?> take)
    {
        DateTimeOffset? since = TrailTime.Read(arguments, "--since", TimeProvider.System);
        IotLogCheckpoint? checkpoint = arguments["--checkpoint"] is { } file && File.Exists(file) ? Checkpoint(file) : null;
        DateTimeOffset from = since ?? checkpoint?.Time.AddMinutes(-10) ?? throw new UsageException("--group needs --since, or --checkpoint with a file that is there");
        using var clients = new FleetClients(arguments["--aws-region"]);
        var source = new IotLogSource(clients.Of(AwsService.CloudWatchLogs), new IotLogSourceOptions { LogGroup = group, FilterPattern = arguments["--filter"] }, checkpoint);
        try
        {
            using var progress = new LineProgress(TimeProvider.System);
            await foreach (IotLogLine line in source.ReadAsync(from, TrailTime.Read(arguments, "--until", TimeProvider.System) ?? TimeProvider.System.GetUtcNow()))
            {
                progress.Add(line.Message.Length);
                take(line.Message, line.Time);
            }
        }
        catch (AwsException e)
        {
            await Console.Error.WriteLineAsync($"FleetTool: {e.Message}");
            return 1;
        }

        if (arguments["--checkpoint"] is { } path && source.Checkpoint is { } reached)
        {
            await File.WriteAllBytesAsync(path + ".new", reached.ToUtf8Json());
            File.Move(path + ".new", path, overwrite: true);
        }

        return 0;
    }

    private static IotLogCheckpoint Checkpoint(string path)
    {
        try
        {
            return IotLogCheckpoint.Parse(File.ReadAllBytes(path));
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException or FormatException)
        {
            throw new UsageException($"{path}: {e.Message}");
        }
    }
}
