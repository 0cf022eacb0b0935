using IotOps.Archive;
using IotOps.Samples.CommandLine;

namespace IotOps.Samples.LogExport.Configuration;

/// <summary>What the command line asks for.</summary>
internal sealed record ExportRequest
{
    /// <summary>Null to continue the export <see cref="Id"/>.</summary>
    public LogExportRequest? New { get; init; }

    public string? Id { get; init; }

    /// <param name="arguments">The command line.</param>
    /// <param name="timeZone">The configuration's zone; null for UTC.</param>
    /// <exception cref="UsageException">The options do not go together.</exception>
    public static ExportRequest Read(CommandArguments arguments, string? timeZone)
    {
        if (arguments.Given("--resume") is { } resumed)
        {
            return new ExportRequest { Id = resumed };
        }

        DayRange days = DayRange.Parse(Needed(arguments, "--date"));
        HourRange? hours = arguments.Given("--hours") is { } text ? HourRange.Parse(text) : null;
        string[] identifiers = Words(arguments, "--identifier");
        string? id = arguments.Given("--request");
        return new ExportRequest
        {
            Id = id,
            New = new LogExportRequest
            {
                Identifier = identifiers[0],
                OtherIdentifiers = identifiers[1..],
                Categories = Words(arguments, "--category"),
                Date = days.First,
                LastDate = days.Last,
                TimeZone = arguments.Given("--time-zone") ?? timeZone,
                FromTime = hours?.From,
                UntilTime = hours?.Until,
                Contains = arguments.Given("--contains"),
                Matches = arguments.Given("--matches"),
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

    private static string[] Words(CommandArguments arguments, string name) =>
        Needed(arguments, name).Split(',', StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries) is { Length: > 0 } words
            ? words
            : throw new UsageException($"{name} is missing");

    private static string Needed(CommandArguments arguments, string name) =>
        arguments.Given(name) ?? throw new UsageException($"{name} is missing");
}
