using IotOps.Archive;
using IotOps.Samples.CommandLine;

namespace IotOps.Samples.LogExport;

/// <summary>What the command line asks for.</summary>
internal sealed record ExportRequest
{
    /// <summary>Null to go on with <see cref="Id"/>.</summary>
    public LogExportRequest? New { get; init; }

    public string? Id { get; init; }

    /// <exception cref="UsageException">The options do not go together.</exception>
    public static ExportRequest Read(CommandArguments arguments)
    {
        if (GenerateCommand.Given(arguments, "--resume") is { } resumed)
        {
            return new ExportRequest { Id = resumed };
        }

        DayRange days = DayRange.Parse(Needed(arguments, "--date"));
        string? id = GenerateCommand.Given(arguments, "--request");
        return new ExportRequest
        {
            Id = id,
            New = new LogExportRequest
            {
                Identifier = Needed(arguments, "--identifier"),
                Categories = Needed(arguments, "--category").Split(',', StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries),
                Date = days.First,
                LastDate = days.Last,
                KeepUnreadable = arguments.Has("--keep-unreadable"),
                Id = id,
            },
        };
    }

    /// <exception cref="UsageException">There is no such profile.</exception>
    public static DeflateProfile ReadProfile(CommandArguments arguments) => GenerateCommand.Given(arguments, "--profile") switch
    {
        null or "balanced" => DeflateProfile.Balanced,
        "fast" => DeflateProfile.Fast,
        "smallest" => DeflateProfile.Smallest,
        { } other => throw new UsageException($"--profile must be balanced, fast or smallest, not '{other}'"),
    };

    public Task<LogExportResult> RunAsync(LogExporter exporter, IProgress<LogExportProgress> progress, CancellationToken stop) =>
        New is null ? exporter.ResumeAsync(Id!, progress, stop) : exporter.ExportAsync(New, progress, stop);

    private static string Needed(CommandArguments arguments, string name) =>
        GenerateCommand.Given(arguments, name) ?? throw new UsageException($"{name} is missing");
}
