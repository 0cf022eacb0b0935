using IotOps.Archive;
using IotOps.Samples.CommandLine;

namespace IotOps.Samples.LogExport.Configuration;

/// <summary>What the command line asks for.</summary>
internal sealed record ExportRequest
{
    /// <summary>Null to continue the export <see cref="Id"/>.</summary>
    public LogExportRequest? New { get; init; }

    public string? Id { get; init; }

    /// <exception cref="UsageException">The options do not go together.</exception>
    public static ExportRequest Read(CommandArguments arguments)
    {
        if (arguments.Given("--resume") is { } resumed)
        {
            return new ExportRequest { Id = resumed };
        }

        DayRange days = DayRange.Parse(Needed(arguments, "--date"));
        string? id = arguments.Given("--request");
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
    public static DeflateProfile ReadProfile(CommandArguments arguments) => arguments.Given("--profile") switch
    {
        null or "balanced" => DeflateProfile.Balanced,
        "fast" => DeflateProfile.Fast,
        "smallest" => DeflateProfile.Smallest,
        { } other => throw new UsageException($"--profile must be balanced, fast or smallest, not '{other}'"),
    };

    private static string Needed(CommandArguments arguments, string name) =>
        arguments.Given(name) ?? throw new UsageException($"{name} is missing");
}
